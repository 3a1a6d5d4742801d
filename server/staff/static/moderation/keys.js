// Keys: each presses the control that carries it.

import { desk, focusSheet } from "./desk.js";
import { back } from "./sheets.js";
import { writes } from "./writing.js";

const OFF = "isoloir-keys-off";
const ARROWS = { ArrowRight: "j", ArrowLeft: "k" };
const DIGIT = /^(?:Digit|Numpad)(\d)$/; // by place: on a French keyboard digits need Shift

let off = kept();

function kept() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false; // a browser that keeps nothing: keys are on
  }
}

function keepOff() {
  try {
    localStorage.setItem(OFF, off ? "1" : "0");
  } catch {
    // It is for this page then.
  }
}

function letterOf(event) {
  const digit = DIGIT.exec(event.code);
  return digit ? digit[1] : ARROWS[event.key] || event.key.toLowerCase();
}

// The reasons without a digit are behind `r`: a slip of one letter refuses nothing.
function canBePressed(control, letter) {
  const details = control.closest("details");
  return /\d/.test(letter) || !details || details.open || control.matches("summary");
}

export function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return leave(event);
  if (off || event.repeat || writes(event.target) || document.querySelector("dialog[open]")) return;
  const letter = letterOf(event);
  const own = [...desk.querySelectorAll("[data-key]")].filter((it) => it.dataset.key === letter);
  const control = own.find((it) => canBePressed(it, letter));
  if (!control && letter !== "k") return;
  event.preventDefault();
  if (letter === "k") back();
  else control.click();
}

function leave() {
  for (const opened of desk.querySelectorAll("details[open]")) opened.open = false;
  focusSheet();
}

export function offerKeys() {
  const button = desk.querySelector("[data-keys-off]");
  const turn = () => {
    button.ariaPressed = String(!off);
    desk.toggleAttribute("data-keyless", off);
  };
  button.addEventListener("click", () => {
    off = !off;
    turn();
    keepOff();
  });
  for (const it of desk.querySelectorAll(".keyed")) it.hidden = false;
  turn();
  desk.querySelector("[data-help]").addEventListener("click", () => desk.querySelector("[data-keys]").showModal());
}
