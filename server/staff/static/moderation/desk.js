// The desk: what stands on the page, and the sheets in this moderator's hands.

export const desk = document.querySelector("[data-desk]");
export const held = desk.querySelector("[data-held]");
export const place = desk.querySelector("[data-place]");
export const narrow = matchMedia("(max-width: 40rem)"); // as in the style sheet

export const ahead = []; // sheets to come
export const skipped = []; // sheets put aside, the last one last
export const busy = new Set(); // of `slug:1,2`, what is being sent

export const current = () => place.querySelector("[data-sheet]");

export const inHand = () => [current(), ...ahead].filter(Boolean);

export const passedOver = () =>
  [...inHand(), ...skipped].map((sheet) => sheet.dataset.members).concat([...busy]);

// Said once, politely: not every second.
export function tell(said) {
  desk.querySelector("[data-told]").textContent = said;
}

// Why nothing was done, above the sheet that it is about.
export function object(sheet, said) {
  const fault = sheet.querySelector("[data-objection]");
  fault.textContent = said;
  fault.hidden = false;
}

export function focusSheet() {
  if (current()) current().focus({ preventScroll: true });
}
