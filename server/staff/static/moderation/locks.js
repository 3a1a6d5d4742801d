// Locks: others are not offered what lies on this desk, as long as it gives signs of life.

import { desk, inHand } from "./desk.js";
import { post, token } from "./post.js";

const RENEWAL = 20000; // milliseconds between two signs of life; the lock lasts 60 s

function holdFields(some, release) {
  const fields = new URLSearchParams({ form: token() });
  for (const sheet of some) fields.append("held", sheet.dataset.members);
  if (release) fields.append("release", "1");
  return fields;
}

export function tellHolder(some, release = false) {
  if (some.length) post(desk.dataset.hold, holdFields(some, release)).catch(() => {});
}

export function keepLocks() {
  const renew = () => document.hidden || tellHolder(inHand());
  setInterval(renew, RENEWAL);
  document.addEventListener("visibilitychange", renew);
  addEventListener("pagehide", () => {
    if (inHand().length) navigator.sendBeacon(desk.dataset.hold, holdFields(inHand(), true));
  });
}
