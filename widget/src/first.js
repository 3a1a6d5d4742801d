/** The first card, and how a ballot is cast on any. */
import { page } from "./page.js";
import { focusOn, hold, showBallot } from "./view.js";
import { wishBallot } from "./wishes.js";

/**
 * A card as the reader left it. Here the one that the page came with, if it has any.
 *
 * @typedef {{card: import("./page.js").Card, ballot: ?import("./page.js").Ballot, results?: object}} Met
 * @type {?Met}
 */
export const first = page.cards?.length
  ? { card: { ...page.cards[0], ticket: page.ticket }, ballot: page.ballot, results: page.results }
  : null;

/** Make this the reader's vote: shown at once, and sent. */
export function castVote(met, choice) {
  if (!met.ballot) hold(".result .next");
  met.ballot = { vote: choice, qualifications: [] };
  showBallot(met.ballot);
  focusOn(".own-vote");
  wishBallot(met.card, met.ballot);
}
