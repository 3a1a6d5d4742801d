/** Results: in words first, then as bars. */
import { find, findAll } from "./page.js";
import { tell } from "./view.js";
import { say } from "./words.js";

/** Write a text, unless it stands there: the same written anew is laid out anew. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show what is known of a proposal's results; see `noteText` for nothing. */
export function showResults(results) {
  for (const row of findAll(".row")) {
    const counts = results?.votes[row.value];
    write(row.querySelector(".share"), counts ? shareText(counts) : "");
    fill(row.querySelector("rect"), counts?.share ?? 0);
  }
  write(find(".note"), noteText(results));
}

/** Draw so much of a bar; not anew, see `write`. */
export function fill(rect, percent) {
  const width = `${percent}%`;
  if (rect.getAttribute("width") !== width) rect.setAttribute("width", width);
}

const shareText = ({ share, count }) =>
  share === null ? say("votes", { count }) : say("share", { share });

/** `undefined` while the answer is under way, `null` if the rule hides the results. */
function noteText(results) {
  if (!results) return results === null ? say("hidden") : "";
  const { early, total, byLink } = results;
  const votes = say("votes", { count: total });
  if (byLink) return say("byLink", { votes, came: byLink.total, share: byLink.votes.agree.share });
  return early ? say("early") : votes;
}

/** Read the results out; they are on the page already for everyone who sees it. */
export function announce({ votes }) {
  const parts = [...findAll(".row")].map(
    (row) => `${row.querySelector(".word").textContent} ${shareText(votes[row.value])}`,
  );
  tell(parts.join(", "), true);
}
