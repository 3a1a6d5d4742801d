// Sheets: the one that is read, and the next ones, here before they are asked for.

import { ahead, current, desk, narrow, passedOver, place, skipped } from "./desk.js";
import { tellHolder } from "./locks.js";
import { PATIENCE } from "./post.js";
import { prepare } from "./writing.js";

const AHEAD = 2; // sheets asked for in advance
const AGAIN = 3000; // milliseconds until a question that got no answer is asked again
const IDLE = 15000; // milliseconds between two looks when nothing waits
const MOST_PASSED = 300; // sheets put aside; the oldest come again

const empty = desk.querySelector("[data-empty]");
let begun = false; // whether a sheet was shown
let over = false; // the service had nothing more when last asked
let asking = false;

function nextAddress() {
  const address = new URL(desk.dataset.next, location.href);
  for (const members of passedOver().slice(-MOST_PASSED)) address.searchParams.append("passed", members);
  return address;
}

function renewFigures(page) {
  const fresh = page.querySelector("[data-figures]");
  if (fresh) desk.querySelector("[data-figures]").replaceWith(fresh);
}

async function ask() {
  const answer = await fetch(nextAddress(), { signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 401) return location.reload(); // signed out: the page says how to come back
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  renewFigures(page);
  const sheet = page.querySelector("[data-sheet]");
  over = !sheet;
  if (sheet) ahead.push(document.adoptNode(sheet));
}

// One question at a time: each says what the ones before have brought.
export async function fetchAhead() {
  if (asking) return;
  asking = true;
  try {
    while (ahead.length < AHEAD && !over) {
      await ask();
      if (!current()) show(ahead.shift());
    }
  } catch {
    setTimeout(fetchAhead, AGAIN);
  } finally {
    asking = false;
  }
}

// Something may have come, or come free, since the service had nothing more.
export function lookAgain() {
  over = false;
  fetchAhead();
}

export function lookNowAndThen() {
  setInterval(() => document.hidden || current() || lookAgain(), IDLE);
}

export function show(sheet) {
  if (sheet) place.replaceChildren(sheet);
  else place.replaceChildren();
  empty.hidden = Boolean(sheet) || !over;
  place.ariaBusy = String(!sheet && !over);
  if (!sheet) return;
  prepare(sheet);
  if (!document.querySelector("dialog[open]")) sheet.focus({ preventScroll: true });
  if (begun && narrow.matches) sheet.scrollIntoView();
  else scrollTo({ top: 0 });
  begun = true;
}

// Back in its place: what was read meanwhile is the next one.
export function showAgain(sheet) {
  if (current() && current() !== sheet) ahead.unshift(current());
  show(sheet);
}

export function goOn() {
  show(ahead.shift());
  lookAgain();
}

export function skip() {
  const sheet = current();
  if (!sheet) return;
  if (sheet.querySelector("[data-judge]")) skipped.push(sheet);
  tellHolder([sheet], true);
  goOn();
}

export function back() {
  const sheet = skipped.pop();
  if (!sheet) return;
  showAgain(sheet);
  tellHolder([sheet]);
}
