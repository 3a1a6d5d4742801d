// Writing: the fields of a sheet, counted as they are filled, and sent by Enter.

import { narrow } from "./desk.js";

export const writes = (it) => it.matches("textarea, select, input:not([type=checkbox], [type=hidden])");

export function prepare(sheet) {
  const text = sheet.querySelector("textarea");
  if (!text || text.dataset.ready) return;
  text.dataset.ready = "1";
  countOut(text, sheet.querySelector("[data-counter]"));
  for (const details of sheet.querySelectorAll("details"))
    details.addEventListener("toggle", () => {
      if (details.open) begin(details, sheet, text);
    });
}

function countOut(text, counter) {
  const count = () => {
    const used = [...text.value.trim().normalize("NFC")].length;
    counter.textContent = `${used} / ${text.dataset.most}`;
    counter.classList.toggle("late", used > Number(text.dataset.most));
  };
  text.addEventListener("input", count);
  count();
}

function begin(details, sheet, text) {
  if (narrow.matches && details.matches(".refuse")) sheet.scrollIntoView(); // its text stays seen
  const first = details.querySelector(".panel :is(textarea, input, select, button)");
  first?.focus({ preventScroll: details.matches(".refuse") });
  if (first === text) text.setSelectionRange(text.value.length, text.value.length);
}

export function enter(event) {
  if (event.key !== "Enter" || event.isComposing || !writes(event.target)) return;
  const button = event.target.closest("details")?.querySelector("[data-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
}
