// Moderation without waiting: the next sheets are here before they are asked for, and what is
// decided is sent behind the moderator's back. Without this script every form works by itself.

import { decide, keep } from "./deciding.js";
import { current, desk, held } from "./desk.js";
import { offerKeys, press } from "./keys.js";
import { startClock, tidyLines, undo } from "./lines.js";
import { keepLocks } from "./locks.js";
import { fetchAhead, lookNowAndThen, show, skip } from "./sheets.js";
import { enter } from "./writing.js";

desk.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.matches("[data-judge]")) {
    event.preventDefault();
    if ("stays" in button.dataset) keep(form, button);
    else if (form.closest("[data-sheet]") === current()) decide(form, button);
  } else if (form.matches("[data-undo]")) {
    event.preventDefault();
    undo(form, button);
  }
});
desk.addEventListener("click", (event) => {
  if (!event.target.closest("[data-skip]") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  skip();
});
document.addEventListener("keydown", press);
desk.addEventListener("keydown", enter);

offerKeys();
keepLocks();
lookNowAndThen();
for (const line of held.querySelectorAll("[data-line]")) startClock(line, Number(line.dataset.left));
tidyLines();
if (current()) show(current());
fetchAhead();
