// The console without this script is whole; with it, figures renew themselves.

const RENEWAL = 5000; // milliseconds between two looks at the figures
const PATIENCE = 8000; // milliseconds for an answer

// The link's secret stands behind `#`, which no server is sent: it goes into the form from here.
function takeLink() {
  const form = document.querySelector("[data-sign-in]");
  const secret = location.hash.slice(1);
  if (!form || !secret) return;
  form.elements.link.value = secret;
  form.dataset.linked = "";
  history.replaceState(null, "", location.pathname);
}

function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = button.parentElement.querySelector("[data-secret]");
    field.addEventListener("focus", () => field.select());
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    });
  }
}

// Whether somebody is at work in there: a selection or an opened menu must not vanish.
function busy(part) {
  const chosen = getSelection();
  return chosen && !chosen.isCollapsed && part.contains(chosen.anchorNode);
}

// Put the new figures in the place of the old ones; focus stays where it was.
function show(text) {
  const old = document.querySelector("[data-live]");
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
  if (!fresh) return location.reload(); // signed out, or of another release
  const at = old.contains(document.activeElement) && document.activeElement;
  const paused = at && at.matches("[data-pause]");
  for (const { id } of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${id}`)?.setAttribute("open", "");
  old.replaceWith(fresh);
  offerPause();
  const again = paused ? fresh.querySelector("[data-pause]") : at && at.id && document.getElementById(at.id);
  if (again) again.focus({ preventScroll: true });
}

let paused = false;

async function renew() {
  const part = document.querySelector("[data-live]");
  if (paused || document.hidden || busy(part)) return;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(location.href, { headers: { "Isoloir-Renewal": "1" }, signal });
    const text = await answer.text();
    if (answer.status >= 500) throw new Error(answer.status);
    if (!paused && !busy(part)) show(text);
  } catch {
    part.querySelector("[data-when]").textContent = part.querySelector("[data-renewal]").dataset.lost;
  }
}

async function keepRenewing() {
  await renew();
  setTimeout(keepRenewing, RENEWAL);
}

// What moves by itself can be stopped (WCAG 2.2.2).
function offerPause() {
  const button = document.querySelector("[data-pause]");
  const turn = () => ([button.textContent, button.dataset.other] = [button.dataset.other, button.textContent]);
  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    turn();
  });
}

takeLink();
offerCopies();
if (document.querySelector("[data-live]")) {
  offerPause();
  setTimeout(keepRenewing, RENEWAL);
  document.addEventListener("visibilitychange", renew);
}
