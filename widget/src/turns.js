/** From card to card: what the reader presses, and what the service answers. */
import {
  deal,
  done,
  go,
  here,
  meet,
  metBefore,
  position,
  reaches,
  reserveRoom,
  takeBack,
} from "./deck.js";
import { dropCredential } from "./credential.js";
import { castVote, first } from "./first.js";
import { tellHost } from "./host.js";
import { openMenu } from "./menu.js";
import { fetchPropose, openPropose } from "./propose.js";
import { booth, find, findAll, page } from "./page.js";
import { announce, fill, showResults, write } from "./results.js";
import { afterPaint, focusOn, hold, showBallot, tell } from "./view.js";
import { INVITED, keep, kept } from "./storage.js";
import { hurry, leftOver, wishBallot, wishDeck, wishes } from "./wishes.js";
import { say } from "./words.js";

const ELDEST = "75+"; // the band of age without an end
const INVITED_AFTER = 4; // votes on this page
const UNNOTICED = 300; // ms of waiting that nobody needs to be told of
export const WELCOME = 3_000; // ms that a returning reader's own deck may take

const spoken = document.documentElement.lang;
const tongues = new Intl.DisplayNames(spoken, { type: "language", languageDisplay: "standard" });

let voted = (page.voted ?? 0) + Number(Boolean(first?.ballot && !page.ballot));
let wanting = false; // a card is wanted and none is there yet
let troubled = false; // the reader was told that a vote is waiting
let invitation = null; // the sheet that asks for the reader's own idea, once it is there
let finished = false; // nothing is left to vote on
let handedOver; // what could not be sent when the page was left
let welcomed = null; // resolves when a returning reader can be let in

/** Show the card that the reader is at, or what became of it. */
function showHere(focus = true) {
  const { card, ballot } = here();
  const turned = booth.dataset.screen === "result";
  finished = false;
  if (ballot) {
    renderResult();
    showBallot(ballot);
  } else {
    renderCard(card);
    booth.dataset.screen = "card";
    if (turned) hold(".vote");
    afterPaint(renderResult); // ahead of the vote
  }
  renderProgress();
  if (focus) focusOn(ballot ? ".own-vote" : ".card .proposal");
}

function renderProposal(screen, { text, language }) {
  const proposal = find(`${screen} .proposal`);
  proposal.lang = language;
  write(proposal, text);
}

function renderResult() {
  const { card, results } = here();
  renderProposal(".result", card);
  showResults(results);
}

function renderCard(card) {
  const { language, author, age } = card;
  renderProposal(".card", card);
  const by = author && age ? bylineOf(author, age) : author;
  const tongue = language !== spoken && tongues.of(language);
  write(find(".byline"), [by, tongue].filter(Boolean).join(" · "));
}

function bylineOf(author, age) {
  if (age === ELDEST) return say("bylineElder", { author, age: parseInt(age) });
  return say("byline", { author, age });
}

function renderProgress() {
  const number = finished ? page.of : Math.min(position(voted), page.of);
  write(find(".progress"), say("progress", { number, of: page.of }));
  fill(find(".track rect"), (100 * number) / page.of);
  const [back, forth] = findAll(".go");
  back.disabled = !(finished ? here() : reaches(-1));
  forth.disabled = finished || !reaches(1);
  find(".menu").ariaExpanded = "false";
}

/** What the reader can press, by what it says of itself. */
export function pressed(target) {
  const { name, value, className } = target;
  if ("forgotten" in booth.dataset) startAnew();
  else if (name === "vote" && value !== "withdraw") vote(value);
  else if (name === "vote") withdraw();
  else if (name === "go") turn(Number(value));
  else if (className === "menu" && page.cards) menu(target);
  else if (target.matches(".propose") && page.cards) propose(target);
  else if (className === "next" && page.cards) invite() || next();
  else follow(target.href);
}

function vote(choice) {
  const met = here();
  if (choice === met.ballot?.vote) return;
  hush();
  remember(met.card);
  renderResult(); // a quick press comes before it was made ready
  castVote(met, choice);
  renderProgress();
}

function remember({ id }) {
  if (!done.has(id)) voted += 1;
  done.add(id);
  // Ahead of the press of "next" that it answers.
  if (page.proposing && done.size === INVITED_AFTER - 1 && !kept(INVITED)) {
    fetchPropose().then((sheet) => (invitation = sheet));
  }
}

function withdraw() {
  const met = here();
  done.delete(met.card.id);
  voted -= 1;
  met.ballot = null;
  met.results = undefined;
  showHere();
  afterPaint(() => tell(say("withdrawn"))); // behind the focus, which would cut it off
  wishBallot(met.card, null);
}

function qualify() {
  const { card, ballot } = here();
  ballot.qualifications = [...findAll(`.chips.${ballot.vote} :checked`)].map((box) => box.value);
  wishBallot(card, { ...ballot });
}

/** After some votes, ask once for the reader's own idea, unless it means waiting; say if so. */
function invite() {
  if (!invitation || done.size < INVITED_AFTER) return false;
  const ready = invitation;
  invitation = null;
  keep(INVITED, "1");
  openPropose({ next, resume, visit }, ready).then((shown) => shown || next());
  return true;
}

function next() {
  wanting = !go(1);
  if (!wanting) return turn(0);
  setTimeout(() => wanting && tell(say("loading")), UNNOTICED);
  wishDeck();
}

function turn(steps) {
  if (steps && !finished && !go(steps)) return;
  hush();
  showHere();
}

/** Take back what was said, unless a vote is still waiting. */
function hush() {
  const status = find(".status");
  const { textContent } = status;
  if (troubled) return;
  if (!status.hasAttribute("data-quiet")) return tell("");
  afterPaint(() => status.textContent === textContent && tell(""));
}

/** Open the menu in place. Pressed again, leave. */
async function menu(link) {
  if (find(".sheet") && link.ariaExpanded === "true") return leaveMenu();
  const ways = { resume, revisit, propose, visit, leave: leaveMenu };
  if (await openMenu(ways)) link.ariaExpanded = "true";
  else tell(say("unreachable"));
}

function leaveMenu() {
  resume(false);
  focusOn(".menu");
}

async function propose() {
  if (!(await openPropose({ next, resume, visit }))) tell(say("unreachable"));
}

/** Go back to what was there before a sheet lay over it. */
function resume(focus = true) {
  if ("forgotten" in booth.dataset) startAnew();
  else if (finished || !here()) finish(focus);
  else showHere(focus);
}

/** Get a fresh page: this one shows votes that are no more. */
function startAnew() {
  const address = page.again + location.hash;
  if (location.href.endsWith(address)) location.reload(); // to go there would only scroll
  else location.replace(address);
}

/** Show a ballot of an earlier visit; to say it again costs nothing and brings its results. */
function revisit(card, ballot) {
  done.add(card.id);
  meet(card, ballot);
  turn(0);
  wishBallot(card, ballot);
}

/** Meet a proposal that the reader has chosen from a list, for a vote. */
function visit(card) {
  reserveRoom([card]);
  meet(card);
  turn(0);
}

/** Go to another page of ours, and let the host go on listening. */
function follow(address) {
  location.assign(address + location.hash);
}

export function counted({ card, ballot }, { results, deck, progress }, newest, left) {
  if ("forgotten" in booth.dataset) return dropCredential(); // it was on its way meanwhile
  if (!left) voted = progress.voted;
  const met = metBefore(card.id);
  if (newest && met?.ballot) {
    met.results = page.veiled ? null : results;
    if (met === here() && booth.dataset.screen === "result") {
      showResults(met.results);
      if (met.results && !troubled) announce(results);
    }
  }
  if (troubled && !left) {
    troubled = false;
    tell(say("counted"));
  }
  if (ballot) tellHost("voted");
  if (deck) dealt(deck);
}

/** Take a deck, or `null` if a returning reader's own did not come in time. */
export function dealt(deck) {
  if (deck) deal(deck);
  if (deck?.progress) {
    voted = deck.progress.voted;
    if (here()) renderProgress();
  }
  if (wanting && go(1)) {
    wanting = false;
    hush();
    showHere(!welcomed);
  } else if (wanting) finish();
  welcomed?.();
  welcomed = null;
}

function finish(focus = true) {
  wanting = false;
  finished = true;
  hush();
  booth.dataset.screen = "final";
  renderProgress();
  if (focus) focusOn(".final .headline");
}

export function delayed() {
  troubled = true;
  if (welcomed) dealt();
}

/** Voting has ended here, for a reason that the server can show better than a script. */
export function refused(code, card) {
  if (code !== "proposal-unknown") startAnew();
  else if (card === here()?.card) next();
}

/** Send what an earlier page could not, then meet the reader's own deck. */
export function welcome() {
  for (const { card, ballot } of leftOver()) {
    if (ballot) done.add(card.id);
    wishBallot(card, ballot);
  }
  takeBack();
  wanting = true;
  wishDeck(WELCOME);
  return new Promise((letIn) => (welcomed = letIn));
}

/** Hand over what could not be sent to whatever page comes next. */
function leave() {
  handedOver = JSON.stringify(leftOver());
}

/** Back as it was. Begin anew if another page has sent meanwhile what this one handed over. */
function comeBack({ persisted }) {
  if (!persisted) return;
  if (handedOver === JSON.stringify(leftOver())) return hurry();
  wishes.clear();
  startAnew();
}

/** Take over from the first script. */
if (page.cards) {
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  find(".nuances").addEventListener("change", qualify);
  deal({ ticket: page.ticket, proposals: page.cards });
  if (first?.ballot) done.add(first.card.id);
}
