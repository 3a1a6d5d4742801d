import { booth, find, findAll } from "./page.js";

/** Show a ballot as the reader's own. Results on show hold the earlier one until the answer comes. */
export function showBallot({ vote, qualifications }) {
  booth.dataset.screen = "result";
  booth.dataset.vote = vote;
  for (const box of findAll("[type=checkbox]")) box.checked = qualifications.includes(box.value);
  for (const row of findAll(".row")) row.ariaPressed = row.value === vote;
}

/** Say something in the one status line; quietly if only a screen reader needs it. */
export function tell(text, quietly = false) {
  const status = find(".status");
  status.toggleAttribute("data-quiet", quietly);
  status.textContent = text;
}

const SETTLING = 400; // ms in which the second tap of a double tap is not taken for another press
let pointed = false; // by finger or mouse, not by a key

/** Learn how the reader presses. */
export const notePress = ({ detail }) => (pointed = detail > 0);

/** Hold buttons for a moment: they have just appeared under the finger that pressed another. */
export function hold(selector) {
  if (!pointed) return;
  for (const button of findAll(selector)) {
    button.disabled = true;
    setTimeout(() => (button.disabled = false), SETTLING);
  }
}

/** Move focus to what the reader should meet next, without moving the article. */
export function focusOn(selector) {
  const from = document.activeElement;
  // Who presses by key or screen reader must not lose the focus even for a frame.
  (pointed ? afterPaint : queueMicrotask)(() => {
    // The reader may be elsewhere by now, and the article must not lose a focus that is its own.
    const free = [from, document.body].includes(document.activeElement);
    if (free && document.hasFocus()) find(selector)?.focus({ preventScroll: true });
  });
}

const PAINTED = 100; // ms after which a frame out of sight is taken for painted

/** Do what nobody sees once the press is painted, which needs every millisecond. */
export function afterPaint(act) {
  const once = () => {
    act?.();
    act = null;
  };
  setTimeout(once, PAINTED);
  requestAnimationFrame(() => setTimeout(once));
}
