import { page } from "./page.js";

/** Where it is noted that this reader was asked for an idea of their own. */
export const INVITED = `invited:${page.slug}`;

/** Use the frame's own storage, where there is one: an opaque origin has none. */
function stored(act, name, value) {
  try {
    return localStorage[act](`isoloir:${page.publisher}${name}`, value);
  } catch {
    return null;
  }
}

export const kept = (name) => stored("getItem", name);
export const keep = (name, value) => stored("setItem", name, value);
export const forgetKept = (name) => stored("removeItem", name);
