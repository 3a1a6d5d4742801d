/** Cards: those that the reader has met, in their order, and those still to come. */
import { first } from "./first.js";
import { findAll } from "./page.js";

const trail = first ? [first] : [];
let at = trail.length - 1;
let upcoming = [];

/** Proposals that this reader has voted on, as far as this page knows. */
export const done = new Set();

/** What is shown now, if there is any card. */
export const here = () => trail[at];

/** Find a card that was met before. */
export const metBefore = (id) => trail.find(({ card }) => card.id === id);

/** Put new proposals behind those that were met. */
export function deal({ ticket, proposals }) {
  const met = proposals.filter((card) => metBefore(card.id));
  for (const { id } of met) if (!done.has(id)) metBefore(id).card.ticket = ticket;
  upcoming = proposals
    .filter((card) => !met.includes(card) && !done.has(card.id))
    .map((card) => ({ ...card, ticket }));
  reserveRoom(proposals);
}

/** Make room once for the longest text that may come, so that the height never moves again. */
export function reserveRoom(proposals) {
  for (const { dataset } of findAll(".statement, .recall")) {
    for (const { text } of proposals) {
      if (text.length > dataset.reserve.length) dataset.reserve = text;
    }
  }
}

/** Meet a card now, whatever else is to come; again, if it was met before. */
export function meet(card, ballot = null) {
  if (!metBefore(card.id)) trail.push({ card, ballot });
  at = trail.indexOf(metBefore(card.id));
}

/** Take the first card back among those to come: an earlier visit may have voted on it. */
export function takeBack() {
  upcoming.unshift(trail.pop().card);
  at = -1;
}

/** Whether there is a card so many steps from here. */
export const reaches = (steps) => Boolean(trail[at + steps]);

/** The number of what is shown, counted from the reader's first vote of all: `voted` so far. */
export const position = (voted) => voted - trail.filter(({ ballot }) => ballot).length + at + 1;

/** Go back, or forward over cards that were met before, else to a new one; say if it could. */
export function go(steps) {
  if (reaches(steps)) at += steps;
  else if (steps > 0 && upcoming.length) meet(upcoming.shift());
  else return false;
  return true;
}
