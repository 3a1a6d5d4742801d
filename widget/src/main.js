/** The booth's states and what moves it from one to the next. */
import { credential, getCredential, recalled } from "./credential.js";
import { greetHost, tellHost } from "./host.js";
import { booth, find, findAll, opaque, page } from "./page.js";
import { announce, focusOn, render, reserveRoom, tell } from "./view.js";
import { hurry, reportTo, wishBallot, wishDeck } from "./wishes.js";
import { say } from "./words.js";

const SETTLING = 400; // ms in which the second tap of a double tap is not taken for "next"
const WELCOME = 3_000; // ms that a returning reader's own deck may take

const state = { ...page, ...booth.dataset };
/** Cards still to be shown, each with the ticket it was dealt with. */
let upcoming = [];
/** Proposals that this page has voted on. */
const done = new Set();
let wanting = false; // a card is wanted and none is there yet
let acted = false; // the reader did something, so focus may move
let troubled = false; // the reader was told that a vote is waiting

function show(change, focus) {
  Object.assign(state, change);
  render(state);
  if (focus && acted && document.hasFocus()) focusOn(focus);
}

/** Put new proposals behind the shown card. */
function deal({ ticket, proposals }) {
  const shown = proposals.find((card) => card.id === state.card?.id);
  if (shown && !done.has(shown.id)) state.card.ticket = ticket;
  upcoming = proposals
    .filter((card) => card !== shown && !done.has(card.id))
    .map((card) => ({ ...card, ticket }));
  reserveRoom(proposals.map((card) => card.text));
}

function next() {
  if (!upcoming.length) {
    wanting = true;
    tell(say("loading"));
    wishDeck();
    return;
  }
  wanting = false;
  hush();
  show({ screen: "card", card: upcoming.shift(), ballot: null, results: undefined }, ".card .proposal");
}

/** Take back what was said, unless a vote is still waiting. */
function hush() {
  if (!troubled) tell("");
}

function vote(choice) {
  if (choice === state.ballot?.vote) return;
  if (!done.has(state.card.id)) {
    done.add(state.card.id);
    state.voted += 1;
    settleNext();
  }
  // Numbers on show hold the earlier vote: they stay until the answer corrects them.
  show({ screen: "result", ballot: { vote: choice, qualifications: [] } }, ".own-vote");
  hush();
  wishBallot(state.card, state.ballot);
}

function withdraw() {
  done.delete(state.card.id);
  const voted = state.voted - 1;
  show({ screen: "card", ballot: null, results: undefined, voted }, ".card .proposal");
  tell(say("withdrawn"));
  wishBallot(state.card, null);
}

function qualify() {
  const chosen = [...findAll(`.chips.${state.ballot.vote} :checked`)].map((box) => box.value);
  state.ballot = { ...state.ballot, qualifications: chosen };
  wishBallot(state.card, state.ballot);
}

/** Hold "next" for a moment: it has just appeared under the finger that voted. */
function settleNext() {
  const button = find(".result .next");
  button.disabled = true;
  setTimeout(() => (button.disabled = false), SETTLING);
}

function counted({ card, ballot }, { results, deck, progress }, newest, left) {
  if (!left) state.voted = progress.voted;
  if (newest && card === state.card && state.ballot) {
    show({ results });
    if (results && !troubled) announce(results);
  }
  if (troubled && !left) {
    troubled = false;
    tell(say("counted"));
  }
  if (ballot) tellHost("voted");
  if (deck) dealt(deck);
}

/** Take a deck, or `null` if a returning reader's own did not come in time. */
function dealt(deck) {
  if (deck) deal(deck);
  if (deck?.progress) state.voted = deck.progress.voted;
  if (wanting && upcoming.length) next();
  else if (wanting) finish();
  if (booth.inert) admit();
}

function finish() {
  wanting = false;
  hush();
  show({ screen: "final" }, ".final .headline");
}

function delayed() {
  troubled = true;
  tell(say("kept"));
}

/** Voting has ended here, for a reason that the server can show better than a script. */
function refused(code, card) {
  if (code !== "proposal-unknown") location.replace(page.again + location.hash);
  else if (card === state.card) next();
}

function press(event) {
  const button = event.target.closest("button");
  if (!button) return;
  // Not "submit": a sandboxed frame without allow-forms never fires it.
  event.preventDefault();
  acted = true;
  if (button.value === "withdraw") withdraw();
  else if (button.name === "vote") vote(button.value);
  else next();
}

/** Let the reader in, and the host show the frame. */
function admit() {
  booth.inert = false;
  greetHost();
}

/** A reader whose browser kept a credential meets their own deck first, and no card that jumps. */
function welcome() {
  booth.inert = true;
  wishDeck(WELCOME);
}

function start() {
  reportTo({ counted, dealt, delayed, refused });
  booth.addEventListener("click", press);
  booth.addEventListener("change", qualify);
  // At the first touch or focus, so that the vote itself needs one request only.
  for (const type of ["pointerdown", "focusin"]) {
    booth.addEventListener(type, () => credential() ?? getCredential(), { once: true });
  }
  addEventListener("online", hurry);
  addEventListener("pageshow", hurry);
  find(".forgetful").hidden = !opaque;
  if (state.screen === "result") {
    // A form brought this page, in a browser where scripts run after all.
    state.card = { ...page.cards[0], ticket: page.ticket };
    done.add(state.card.id);
  }
  deal({ ticket: page.ticket, proposals: page.cards });
  wanting = state.screen === "card";
  if (wanting && recalled() && !page.voted) welcome();
  else dealt();
}

function startNotice({ notice }) {
  // In a frame that has focus, the reader was in the page whose place this one took.
  if (parent !== self && document.hasFocus()) focusOn(".headline");
  if (notice !== "upcoming") tellHost(notice === "closed" ? notice : "error", { code: notice });
}

document.documentElement.dataset.script = "";
if (page) start();
if (!booth.inert) greetHost();
if (!page) startNotice(booth.dataset);
