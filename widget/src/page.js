/**
 * What the server knew when it rendered the frame.
 *
 * @typedef {{id: number, text: string, author: ?string, age: ?string, language: string, ticket?: string}} Card
 * @typedef {{vote: string, qualifications: string[]}} Ballot
 */

export const booth = document.querySelector(".booth");

/**
 * Without `cards` there is nothing to vote on.
 *
 * @type {{slug: string, source: string, publisher: string, again: string, more: string[], voted: number, of: number, asked?: number, veiled?: boolean, ticket?: string, cards?: Card[], ballot?: Ballot, results?: ?object}}
 */
export const page = JSON.parse(document.getElementById("isoloir-page").textContent);

// A sandboxed frame has no origin of its own: no storage, no cookie, and CORS on every request.
export const opaque = self.origin === "null";

/** The first element inside the booth that matches. */
export const find = (selector) => booth.querySelector(selector);

/** Every element inside the booth that matches. */
export const findAll = (selector) => booth.querySelectorAll(selector);
