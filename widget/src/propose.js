/** A reader's own proposal: the invitation, the form, and what is wrong in it. */
import { ask } from "./ask.js";
import { credential, getCredential, keepCredential } from "./credential.js";
import { here } from "./deck.js";
import { tellHost } from "./host.js";
import { find, findAll, page } from "./page.js";
import { copyLink } from "./menu.js";
import { fetchSheet, laySheet, sheetAddress } from "./sheets.js";
import { afterPaint, focusOn, tell } from "./view.js";
import { say } from "./words.js";

const COMPARING = 3_000; // ms that a look at similar proposals may take
const CALM = 1_000; // ms without a key until the counter is read out

let drawn = 0; // number of what is being sent: the same again is no second proposal
let begun = null; // the sheet with what the reader has written, until it is sent
let calm = 0;
let compared = ""; // the text whose neighbours the author has been shown

/** Get the form ahead of time. */
export const fetchPropose = () => fetchSheet(sheetAddress("propose"));

/** Open the form, behind an invitation if it is not asked for; return whether it could be had. */
export async function openPropose(turns, invited) {
  const sheet = begun ?? (await (invited ?? fetchPropose()));
  if (!sheet || (invited && !sheet.querySelector(".over[hidden]"))) return false; // too late to invite
  if (!begun) drawn = Date.now();
  if (invited && !begun) turnTo(sheet, ".invite");
  const leave = invited ? turns.next : turns.resume;
  laySheet(sheet, (target) => chooseHere(target, turns, leave), leave);
  sheet.oninput = (event) => {
    begun = sheet;
    unmark(event.target);
    afterPaint(() => event.target.isConnected && count(event)); // the letter first
  };
  return true;
}

function chooseHere(target, turns, leave) {
  if (target.matches(".leave")) return leave();
  if (target.matches(".copy")) return copyLink(target);
  if (target.matches(".instead")) return turns.visit(JSON.parse(target.dataset.card));
  if (target.matches(".send")) return handIn(target);
  turnTo(find(".sheet"), ".form");
  find("#p-text").focus();
}

function turnTo(sheet, part) {
  for (const one of sheet.children) one.hidden = !one.matches(part);
}

/** Say how much room is left: to the eye at once, to the ear when the reader pauses. */
function count({ target }) {
  if (target.name !== "text") return;
  const { least, most, prefix } = target.dataset;
  const length = sentence(target).length - (prefix && prefix.length + 1);
  const room = find("#p-room");
  if (length > most) room.textContent = say("tooMany", { count: length - most });
  else if (length < least) room.textContent = say("tooFew", { count: least - length });
  else room.textContent = say("roomLeft", { count: most - length });
  clearTimeout(calm);
  calm = setTimeout(() => tell(room.textContent, true), CALM);
}

/** What is sent: behind the prefix, which many write once more. */
function sentence({ value, dataset }) {
  const { prefix } = dataset;
  const typed = value.trim();
  if (!prefix) return typed;
  const rest = typed.slice(prefix.length);
  const alike = (text) => text.toLowerCase().replaceAll("'", "’");
  if (alike(typed).startsWith(alike(prefix)) && !/^\p{L}/u.test(rest)) return prefix + rest;
  return `${prefix} ${typed}`;
}

async function handIn(button) {
  clearTimeout(calm);
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  if (!credential()) await getCredential();
  const near = await meetSimilar(button.form.text);
  const answer = near || (await hand(button.form));
  button.ariaDisabled = "false";
  if (near) return focusOn(".similar .note");
  if (answer.status === 201) return thank(answer.body);
  if (answer.body.code === "proposals-closed") return showOver();
  if (answer.body.errors) showFaults(answer.body.errors);
  else showFaults([{ field: "other", code: "" }]);
}

/** Show what is published and says nearly the same, once for each text; return if there is any. */
async function meetSimilar(text) {
  const typed = sentence(text);
  if (typed === compared) return false;
  const answer = await ask("POST", `consultations/${page.slug}/proposals/similar`, {
    body: { ...bearer(), text: typed },
    patience: COMPARING,
  });
  const { proposals: found = [], ticket } = answer.body;
  compared = typed;
  find(".similar div").replaceChildren(...found.map((card) => pointer({ ...card, ticket })));
  find(".similar").hidden = !found.length;
  return found.length > 0;
}

function pointer(card) {
  const link = document.createElement("a");
  link.className = "page-link instead";
  link.href = `${page.again}&proposal=${card.id}`;
  link.dataset.card = JSON.stringify(card);
  link.lang = card.language;
  link.dir = "auto";
  link.textContent = card.text;
  const line = document.createElement("p");
  line.append(link);
  return line;
}

const bearer = () => ({ credential: credential() ?? undefined, ticket: here()?.card.ticket });

async function hand({ text, name, age }) {
  const body = {
    ...bearer(),
    number: drawn,
    text: sentence(text),
    name: name.value.trim() || null,
    age: age.value || null,
  };
  return ask("POST", `consultations/${page.slug}/proposals`, { body });
}

function thank({ credential: winner, link }) {
  keepCredential(winner);
  begun = null;
  turnTo(find(".sheet"), ".thanks");
  find(".private").hidden = !link;
  find(".private input").value = link ?? "";
  focusOn(".thanks .headline");
  tellHost("proposed");
}

/** Since the form was opened, it has become too late: there is nothing to try again. */
function showOver() {
  begun = null;
  turnTo(find(".sheet"), ".over");
  focusOn(".over .headline");
}

/** Show what is wrong, beside its field, and go to the first of it. */
function showFaults(errors) {
  const codes = errors.flatMap(({ field, code }) => [field, `${field} ${code}`]);
  const faults = [...findAll(".fault")];
  for (const fault of faults) fault.hidden = !codes.includes(fault.dataset.code);
  for (const field of findAll(".form [name]")) describe(field);
  const shown = faults.filter(({ hidden }) => !hidden);
  tell(shown.map(({ textContent }) => textContent).join(" "), true);
  find('.form [aria-invalid="true"], .send').focus();
}

/** Say in the field itself what is said beside it. */
function describe(field) {
  const own = [...findAll(".fault:not([hidden])")].filter(({ dataset }) => ofField(dataset, field));
  const room = field.name === "text" ? ["p-room"] : [];
  field.setAttribute("aria-invalid", own.length > 0);
  field.setAttribute("aria-describedby", [...room, ...own.map(({ id }) => id)].join(" "));
}

const ofField = ({ code }, { name }) => code.split(" ")[0] === name;

/** Take back what was said of a field that the reader is mending. */
function unmark(field) {
  if (field.getAttribute("aria-invalid") !== "true") return;
  for (const fault of findAll(".fault")) fault.hidden ||= ofField(fault.dataset, field);
  describe(field);
}
