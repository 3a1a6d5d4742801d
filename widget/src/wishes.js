/**
 * What the reader wants and the service does not know yet. One request is in flight at a time;
 * a newer wish about the same proposal replaces the older one; nothing is dropped for want of a
 * connection.
 */
import { ask } from "./ask.js";
import { credential, dropCredential, getCredential, keepCredential } from "./credential.js";
import { page } from "./page.js";
import { forgetKept, keep, kept } from "./storage.js";
import { afterPaint } from "./view.js";

const LONGEST_WAIT = 30; // seconds between two tries
const LEFT_OVER = `left:${page.slug}`;

/** Wishes by proposal id, and by "deck" for the wish to get more proposals. */
export const wishes = new Map();
let inFlight = false;
let waiting = false; // a page that goes has no timers: their number tells nothing
let timer;
let failures = 0;
let number = 0;
let report;

/** @param {{counted: Function, dealt: Function, delayed: Function, refused: Function}} listeners */
export function reportTo(listeners) {
  report = listeners;
}

/** Wish for a ballot on a card, or for none (`null`). */
export function wishBallot(card, ballot) {
  add(card.id, { card, ballot });
  afterPaint(() => send(keepUnsent()));
}

/** Ballots that an earlier page could not send: it was closed too soon. */
export function leftOver() {
  try {
    return JSON.parse(kept(LEFT_OVER)) ?? [];
  } catch {
    return []; // not as we wrote it
  }
}

/** Wish for more proposals. `patience` in ms: after that, or any failure, `dealt(null)`. */
export function wishDeck(patience) {
  add("deck", { patience });
  send();
}

/** Send at once what was waiting, and keep it: the page may be about to go. */
export function hurry() {
  clearTimeout(timer);
  waiting = false;
  if (wishes.size) keepUnsent();
  send();
}

function add(key, wish) {
  wishes.set(key, { ...wish, key, mended: new Set() });
}

async function send() {
  if (inFlight || waiting || !wishes.size) return;
  const [wish] = wishes.values();
  inFlight = true;
  const answer = wish.card ? await put(wish) : await getDeck(wish.patience);
  inFlight = false;
  settle(wish, answer);
  keepUnsent();
  send();
}

/** Keep what has not been counted yet, and under which name: the page may go at any moment. */
export function keepUnsent() {
  const unsent = [...wishes.values()].filter(({ card }) => card);
  if (!unsent.length) return forgetKept(LEFT_OVER);
  if (credential()) keepCredential(credential());
  keep(LEFT_OVER, JSON.stringify(unsent.map(({ card, ballot }) => ({ card, ballot }))));
}

async function put({ card, ballot }) {
  if (!credential()) {
    const answer = await getCredential();
    if (answer.status !== 200) return answer;
  }
  if (!card.ticket) {
    const answer = await getDeck();
    if (answer.status !== 200) return answer;
    card.ticket = answer.body.ticket;
    report.dealt(answer.body);
  }
  keepUnsent();
  // Drawn now and not when the reader pressed, so that a retry is newer than what it repeats.
  number = Math.max(number + 1, Date.now());
  const body = { ...ballot, credential: credential(), ticket: card.ticket, number };
  const path = `consultations/${page.slug}/proposals/${card.id}/ballot`;
  return ask(ballot ? "PUT" : "DELETE", path, { body });
}

function getDeck(patience) {
  const query = `source=${encodeURIComponent(page.source)}&proposal=${page.asked ?? 0}`;
  const path = `consultations/${page.slug}/deck?${query}`;
  return ask("GET", path, { credential: credential(), patience });
}

function settle(wish, { status, after, body }) {
  if (status === 200) {
    failures = 0;
    fulfil(wish, body);
  } else if (wish.patience) {
    if (status === 401) dropCredential();
    forget(wish);
    report.dealt(null);
  } else if (body.code === "superseded") {
    number = Math.max(number, body.number);
    wait(after);
  } else if (!wish.mended.has(body.code) && mend(wish, body.code)) {
    wish.mended.add(body.code);
  } else if (!status || status === 429 || status >= 500) {
    report.delayed();
    wait(after);
  } else {
    forget(wish);
    report.refused(body.code, wish.card);
  }
}

function fulfil(wish, body) {
  const newest = wishes.get(wish.key) === wish;
  forget(wish);
  if (!wish.card) return report.dealt(body);
  keepCredential(body.credential);
  report.counted(wish, body, newest, wishes.size);
}

function forget(wish) {
  if (wishes.get(wish.key) === wish) wishes.delete(wish.key);
}

/** Throw away the token that the service refused: sending again begins by getting a new one. */
function mend({ card }, code) {
  const credentialRefused = code === "credential-invalid" || code === "credential-missing";
  const ticketRefused = code === "ticket-invalid" && card;
  if (credentialRefused) dropCredential();
  if (ticketRefused) card.ticket = null;
  return credentialRefused || ticketRefused;
}

function wait(seconds) {
  failures += 1;
  waiting = true;
  const backoff = Math.min(LONGEST_WAIT, 2 ** (failures - 1));
  const jitter = 1 + Math.random() / 4; // so that a crowd does not come back in step
  timer = setTimeout(hurry, Math.max(seconds, backoff) * 1000 * jitter);
}
