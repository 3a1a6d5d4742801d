/** The menu: the reader's own votes, ways to share, their data. The server writes it. */
import { ask } from "./ask.js";
import { credential, dropCredential } from "./credential.js";
import { here } from "./deck.js";
import { booth, find, opaque, page } from "./page.js";
import { fetchSheet, laySheet, sheetAddress } from "./sheets.js";
import { forgetKept, INVITED } from "./storage.js";
import { focusOn, tell } from "./view.js";
import { keepUnsent, wishes } from "./wishes.js";
import { say } from "./words.js";

/**
 * Open the menu over the booth; return whether it could be had.
 *
 * @param {{resume: Function, revisit: Function, propose: Function, visit: Function,
 *   leave: Function}} turns what leads
 *   out of it
 */
export async function openMenu(turns) {
  const sheet = await fetchSheet(sheetAddress("menu"));
  if (!sheet) return false;
  sheet.querySelector(".forgetful").hidden = !opaque;
  sheet.querySelector(".cookie").hidden = opaque;
  offerCard(sheet.querySelector(".one"));
  // What opens would lie under the button that stays.
  for (const fold of sheet.querySelectorAll("details")) {
    fold.ontoggle = () => fold.scrollIntoView({ block: "nearest" });
  }
  laySheet(sheet, (target) => choose(target, turns), turns.leave);
  return true;
}

/** Offer the link to the card that the reader has come from. */
function offerCard(pair) {
  pair.hidden = !here();
  if (here()) pair.querySelector("input").value += here().card.id;
}

function choose(target, turns) {
  if (target.matches(".copy")) copyLink(target);
  else if (target.matches(".revisit")) turns.revisit(...cardHeld(target));
  else if (target.matches(".propose")) turns.propose();
  else if (target.matches(".instead")) turns.visit(JSON.parse(target.dataset.card));
  else if (target.matches(".forget")) forgetMe(target);
  else turns.resume();
}

/** Copy a link the old way, which frames may; else leave it selected, so that the reader can. */
export function copyLink(button) {
  button.parentNode.querySelector("input").select();
  if (!document.execCommand("copy")) return tell(say("copyYourself"));
  button.focus();
  tell(say("copied"));
}

const cardHeld = ({ dataset }) => [JSON.parse(dataset.card), JSON.parse(dataset.ballot)];

async function forgetMe(button) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  const body = { source: page.source, credential: credential() ?? undefined, number: Date.now() };
  const answer = await ask("DELETE", `consultations/${page.slug}/me`, { body });
  button.ariaDisabled = "false";
  if (answer.status !== 200) return tell(say("notForgotten"));
  dropCredential();
  wishes.clear();
  keepUnsent(); // which is nothing now
  forgetKept(INVITED);
  tell("");
  button.closest("details").remove();
  find(".own").replaceWith(farewell(answer.body));
  find(".ideas")?.remove();
  booth.dataset.forgotten = "";
  focusOn(".forgotten");
}

function farewell({ withdrawn, counted }) {
  const text = document.createElement("p");
  text.className = "forgotten";
  text.tabIndex = -1;
  text.textContent = counted ? say("unlinked") : say("forgotten", { count: withdrawn });
  return text;
}
