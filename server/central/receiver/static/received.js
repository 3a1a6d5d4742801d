// Follow what arrives: fetch the page again, and change it only where something is new.
// The reader can stop it, and never loses focus or scroll position.
(() => {
  "use strict";
  const EVERY = 2000; // milliseconds
  const follow = document.getElementById("follow");
  follow.closest("label").hidden = false;

  async function refresh() {
    const answer = await fetch("/");
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const here = document.getElementById("received");
    const there = fresh.getElementById("received");
    // A table that is being scrolled with the keyboard stays; the next round brings its news.
    if (here.innerHTML !== there.innerHTML && !here.contains(document.activeElement)) {
      here.replaceWith(there);
    }
  }

  async function round() {
    // A receiver that is restarting is simply asked again.
    if (follow.checked && !document.hidden) await refresh().catch(() => {});
    setTimeout(round, EVERY);
  }
  setTimeout(round, EVERY);
})();
