import { booth, find, findAll } from "./page.js";
import { say } from "./words.js";

/** Show a state: the screen, the card, the reader's ballot and the results known so far. */
export function render({ screen, card, ballot, results, voted, of }) {
  booth.dataset.screen = screen;
  booth.dataset.vote = ballot?.vote ?? "";
  if (card) renderCard(card);
  renderProgress(Math.min(voted + (screen === "card"), of), of);
  if (ballot) renderBallot(ballot, results);
}

function renderCard({ text, language, author, age }) {
  for (const proposal of findAll(".proposal")) {
    proposal.lang = language;
    proposal.textContent = text;
  }
  find(".byline").textContent = author && age ? say("byline", { author, age }) : (author ?? "");
}

function renderProgress(number, of) {
  find(".progress").textContent = say("progress", { number, of });
  fill(find(".track rect"), (100 * number) / of);
}

function renderBallot({ vote, qualifications }, results) {
  const word = find(`.row.${vote} .word`).textContent.toLowerCase();
  find(".own-vote").textContent = say("yourVote", { vote: word });
  for (const box of findAll("[type=checkbox]")) box.checked = qualifications.includes(box.value);
  for (const row of findAll(".row")) {
    const counts = results?.votes[row.value];
    row.setAttribute("aria-pressed", row.value === vote);
    row.querySelector(".share").textContent = counts ? shareText(counts) : "";
    fill(row.querySelector("rect"), counts?.share ?? 0);
  }
  find(".note").textContent = noteText(results);
}

const fill = (rect, percent) => rect.setAttribute("width", `${percent}%`);

const shareText = ({ share, count }) =>
  share === null ? say("votes", { count }) : say("share", { share });

/** `undefined` while the answer is under way, `null` if the rule hides the results. */
function noteText(results) {
  if (!results) return results === null ? say("hidden") : "";
  return results.early ? say("early") : say("votes", { count: results.total });
}

/** Read the results out; they are on the page already for everyone who sees it. */
export function announce({ votes }) {
  const parts = [...findAll(".row")].map(
    (row) => `${row.querySelector(".word").textContent} ${shareText(votes[row.value])}`,
  );
  tell(parts.join(", "), true);
}

/** Say something in the one status line; quietly if only a screen reader needs it. */
export function tell(text, quietly = false) {
  const status = find(".status");
  status.toggleAttribute("data-quiet", quietly);
  status.textContent = text;
}

/** Make room once for the longest text that may come, so that the height never moves again. */
export function reserveRoom(texts) {
  for (const { dataset } of findAll("[data-reserve]")) {
    for (const text of texts) {
      if (text.length > dataset.reserve.length) dataset.reserve = text;
    }
  }
}

/** Move focus to what the reader should meet next, without moving the article. */
export function focusOn(selector) {
  find(selector).focus({ preventScroll: true });
}
