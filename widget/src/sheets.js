/** Sheets: pages of the server's that are laid over the booth. */
import { credential } from "./credential.js";
import { booth, find, opaque, page } from "./page.js";
import { focusOn } from "./view.js";

/** Get a sheet without showing it; `null` if it cannot be had. */
export async function fetchSheet(address) {
  const headers = credential() ? { Authorization: `Bearer ${credential()}` } : {};
  try {
    const answer = await fetch(address, { headers, credentials: opaque ? "omit" : "same-origin" });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sheet = made.querySelector(".sheet");
    // In a sandbox links open nothing.
    if (opaque) sheet.querySelector(".links")?.remove();
    return sheet && document.adoptNode(sheet);
  } catch {
    return null;
  }
}

/**
 * Lay a sheet over the booth, whose height stays as it is. `choose` is told of each press in it
 * that is not for the browser, `leave` of Escape.
 */
export function laySheet(sheet, choose, leave) {
  find(".sheet")?.remove();
  find(".stage").append(sheet);
  booth.dataset.screen = "menu";
  focusOn(".sheet :not([hidden]) > .headline, .sheet > .headline");
  sheet.onclick = (event) => {
    const target = event.target.closest("a, button");
    if (!target || target.target) return;
    event.preventDefault();
    event.stopPropagation();
    choose(target);
  };
  sheet.onkeydown = ({ key }) => {
    if (key === "Escape") leave();
  };
}

/** The address of a sheet of this consultation. */
export const sheetAddress = (name) => `/e/${page.slug}/${name}?${page.again.split("?")[1]}`;
