/**
 * What the server knew when it rendered the frame. Absent on screens without a vote.
 *
 * @typedef {{id: number, text: string, author: ?string, age: ?number, language: string, ticket?: string}} Card
 * @typedef {{vote: string, qualifications: string[]}} Ballot
 */

export const booth = document.querySelector(".booth");

const data = document.getElementById("isoloir-page");

/** @type {?{slug: string, source: string, publisher: string, ticket: string, cards: Card[], ballot: ?Ballot, results: ?object, voted: number, of: number, again: string}} */
export const page = data && JSON.parse(data.textContent);

// A sandboxed frame has no origin of its own: no storage, no cookie, and CORS on every request.
export const opaque = self.origin === "null";

/** The first element inside the booth that matches. */
export const find = (selector) => booth.querySelector(selector);

/** Every element inside the booth that matches. */
export const findAll = (selector) => booth.querySelectorAll(selector);
