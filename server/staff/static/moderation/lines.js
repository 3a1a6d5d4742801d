// Lines: what was done in the last seconds, each with its undo.

import { current, desk, focusSheet, held, object, tell } from "./desk.js";
import { fieldsOf, inTurn, post } from "./post.js";
import { showAgain } from "./sheets.js";

const sheets = new WeakMap(); // of each line, the sheet that comes back

const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });

export function addLine(slug, numbers, said, sheet) {
  const line = desk.querySelector("[data-pattern]").content.firstElementChild.cloneNode(true);
  const form = line.querySelector("form");
  form.action = `/staff/moderation/${slug}/undo`;
  form.append(...numbers.map((number) => hidden("number", number)));
  line.querySelector("[data-said]").textContent = said;
  line.querySelector("[data-numbers]").textContent = desk.dataset.number.replace("#", numbers.join(", "));
  sheets.set(line, sheet);
  held.querySelector("ul").prepend(line);
  tidyLines();
  tell(`${said}. ${desk.dataset.within}`);
  return line;
}

// An undo names its decision, or it could take back what a colleague decided since.
export function nameDecision(line, decision) {
  line.querySelector("form").append(hidden("decision", decision));
  return line;
}

export function tidyLines() {
  held.hidden = !held.querySelector("[data-line]");
  document.body.toggleAttribute("data-holding", !held.hidden);
}

export function dropLine(line) {
  line.remove();
  tidyLines();
}

export function startClock(line, milliseconds) {
  const end = performance.now() + milliseconds;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (!line.isConnected) return;
    if (left <= 0) return runOut(line);
    line.querySelector("[data-seconds]").textContent = `(${left} s)`;
    setTimeout(tick, 250);
  };
  tick();
}

function runOut(line) {
  const focused = line.contains(document.activeElement);
  dropLine(line);
  if (focused) focusSheet();
}

export function undo(form, button) {
  const line = form.closest("[data-line]");
  const sheet = sheets.get(line);
  button.disabled = true;
  inTurn(async () => {
    if (!line.isConnected) return; // what it would undo was refused
    if (!sheet) return form.submit(); // decided before this page was opened
    try {
      const [done, told] = await post(form.action, fieldsOf(form));
      line.remove();
      if (!done) return current() ? object(current(), told.said) : tell(told.said);
      if (told.said) object(sheet, told.said);
      else tell(desk.dataset.undone);
      showAgain(sheet);
    } catch {
      button.disabled = false;
      tell(desk.dataset.lost);
    } finally {
      tidyLines();
    }
  });
}
