import { ask } from "./ask.js";
import { find, page } from "./page.js";
import { forgetKept, keep, kept } from "./storage.js";

/** The credential of an earlier visit, if this browser let us keep it. */
export const recalled = () => kept("");

// A form that was sent before the script ran, in a browser that refuses the cookie, brought a page
// that says itself whose ballot it shows.
let held = find("[name=credential]")?.value ?? recalled();
let asking;

export const credential = () => held;

/** Keep the credential that a vote is counted under. Only a vote leaves something behind. */
export function keepCredential(winner) {
  held = winner;
  keep("", winner);
}

/** Drop a credential that the service refused. */
export function dropCredential() {
  held = null;
  forgetKept("");
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
