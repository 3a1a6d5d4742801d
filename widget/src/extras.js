import { page } from "./page.js";

/**
 * What no first vote needs comes later, as a second script: it offers its functions here, by name,
 * and they are called as if they had always been there.
 */
const offered = {};
let arriving;

/** Called by the second script when it is there. */
export function offer(functions) {
  Object.assign(offered, functions);
}

/** Whether the second script is there. */
export const arrived = () => "pressed" in offered;

/** Call a function of the second script; `undefined` if the script cannot be had. */
export async function extra(name, ...given) {
  await (arriving ??= fetchMore());
  return offered[name]?.(...given);
}

/** Fetch style sheet and script; after a failure the next call tries again. */
async function fetchMore() {
  const parts = page.more.map(
    (address) =>
      new Promise((settled) => {
        const part = document.createElement(address.endsWith(".css") ? "link" : "script");
        part.rel = "stylesheet";
        part.onload = settled;
        part.onerror = () => settled((arriving = null));
        part.href = part.src = address;
        document.head.append(part);
      }),
  );
  await Promise.all(parts);
}
