import { ask } from "./ask.js";
import { page } from "./page.js";

const name = `isoloir:${page?.publisher}`;

/** Use the frame's own storage, where there is one: an opaque origin has none. */
function stored(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

/** The credential of an earlier visit, if this browser let us keep it. */
export const recalled = () => stored((storage) => storage.getItem(name));

let held = recalled();
let asking;

export const credential = () => held;

/** Keep the credential that a vote was counted under. Only a vote leaves something behind. */
export function keepCredential(winner) {
  held = winner;
  stored((storage) => storage.setItem(name, winner));
}

/** Drop a credential that the service refused. */
export function dropCredential() {
  held = null;
  stored((storage) => storage.removeItem(name));
}

/** Get a credential, once however many ask; return the service's answer. */
export function getCredential() {
  const body = { source: page.source, consultation: page.slug };
  asking ??= ask("POST", "credential", { body }).then((answer) => {
    asking = null;
    if (answer.status === 200) held ??= answer.body.credential;
    return answer;
  });
  return asking;
}
