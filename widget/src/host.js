import { booth, find, page } from "./page.js";

// The loader draws the key and names the host's origin in the fragment, which no server sees.
// Without a key nobody listens, and the booth stays silent.
const fragment = new URLSearchParams(location.hash.slice(1));
const key = fragment.get("k");
const host = fragment.get("o");
// A host without an origin (a file, a sandbox) can only be addressed by "*": sizes alone go there.
const target = host && host !== "null" ? host : "*";

/** Tell the page around the frame what happened, never what was voted. */
export function tellHost(type, detail) {
  if (!key || (target === "*" && !detail?.height)) return;
  parent.postMessage({ ns: "isoloir", v: 1, k: key, t: type, ...detail }, target);
}

/** Let the page around the frame, whose origin the fragment names, change the theme. */
function heedHost({ data, origin, source }) {
  if (source !== parent || origin !== host || data?.k !== key) return;
  // Of any other than light and dark the style sheet knows nothing: it follows the system.
  if (data.t === "theme") document.documentElement.dataset.theme = data.theme;
}

/**
 * The booth's own height in CSS pixels, not stretched to the frame it is shown in; 0 as long as the
 * frame has no width, for its words would stand one by one.
 */
function naturalHeight() {
  const root = document.documentElement;
  root.dataset.measuring = "";
  const { height } = booth.getBoundingClientRect();
  delete root.dataset.measuring;
  return document.body.clientWidth && Math.ceil(height);
}

let posted = 0;

/** Say that the booth can be shown, then its height whenever that changes. */
export function greetHost() {
  addEventListener("message", heedHost);
  // From the height of a page of the reader's own, its host could read how they voted.
  if (page.ballot || find(".sheet")) return tellHost("ready");
  posted = naturalHeight();
  tellHost("ready", { height: posted });
  new ResizeObserver(() => {
    const height = naturalHeight();
    if (height !== posted) tellHost("resize", { height: (posted = height) });
  }).observe(booth);
}
