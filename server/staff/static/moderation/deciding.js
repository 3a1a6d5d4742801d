// Deciding: sent behind the moderator's back; what was refused comes back to the desk.

import { busy, desk, object } from "./desk.js";
import { addLine, dropLine, nameDecision, startClock } from "./lines.js";
import { fieldsOf, inTurn, post } from "./post.js";
import { goOn, lookAgain, showAgain } from "./sheets.js";

export function decide(form, button) {
  const sheet = form.closest("[data-sheet]");
  const fields = fieldsOf(form, button);
  const slug = sheet.dataset.sheet.split(":")[0];
  const numbers = [sheet.dataset.sheet.split(":")[1], ...fields.getAll("also").map((word) => word.split(":")[0])];
  const members = `${slug}:${numbers.join(",")}`;
  busy.add(members);
  for (const opened of sheet.querySelectorAll("details[open]")) opened.open = false;
  const line = addLine(slug, numbers, button.dataset.said, sheet);
  goOn();
  inTurn(async () => {
    try {
      const [done, told] = await post(form.action, fields);
      if (done) startClock(nameDecision(line, told.decision), told.hold);
      else refused(sheet, line, told);
    } catch {
      refused(sheet, line, { said: desk.dataset.lost });
    } finally {
      busy.delete(members);
      lookAgain();
    }
  });
}

// Shown again, with what happened; of a group, whoever was decided elsewhere steps out.
function refused(sheet, line, told) {
  dropLine(line);
  object(sheet, told.said);
  const [, own] = sheet.dataset.sheet.split(":");
  if (told.code === "already-decided" && String(told.proposal) !== own) {
    for (const box of sheet.querySelectorAll('[name="also"]'))
      if (box.value.startsWith(`${told.proposal}:`)) box.checked = !(box.disabled = true);
  } else if (["already-decided", "not-pending", "proposal-unknown"].includes(told.code)) settle(sheet);
  else if (told.code === "proposal-changed") {
    location.href = `/staff/moderation?proposal=${sheet.dataset.sheet}`;
    return;
  }
  if (told.code === "wording-refused") sheet.querySelector("textarea").closest("details").open = true;
  showAgain(sheet);
}

// Decided by somebody else: nothing is left but to go on.
function settle(sheet) {
  const acts = sheet.querySelector(".acts");
  const skipping = sheet.querySelector("[data-skip]");
  acts.replaceChildren(skipping);
  sheet.querySelector("[data-judge]").replaceWith(acts);
}

// Labels change nothing in what is decided: the sheet stays.
export function keep(form, button) {
  const details = button.closest("details");
  inTurn(async () => {
    try {
      const [done, told] = await post(form.action, fieldsOf(form, button));
      if (done) details.open = false;
      else object(form.closest("[data-sheet]"), told.said);
    } catch {
      object(form.closest("[data-sheet]"), desk.dataset.lost);
    }
  });
}
