import { ask } from "./ask.js";
import { page } from "./page.js";

const drawer = `isoloir:${page?.publisher}`;
let held = recalled();
let asking;

/** The credential of an earlier visit, if this browser let us keep it. */
export function recalled() {
  try {
    return localStorage.getItem(drawer);
  } catch {
    return null; // an opaque origin has no storage
  }
}

export const credential = () => held;

/** Keep the credential that a vote was counted under. Only a vote leaves something behind. */
export function keepCredential(winner) {
  held = winner;
  try {
    localStorage.setItem(drawer, winner);
  } catch {
    // It lives as long as the page, then.
  }
}

/** Drop a credential that the service refused. */
export function dropCredential() {
  held = null;
  try {
    localStorage.removeItem(drawer);
  } catch {
    // Nothing was kept.
  }
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
