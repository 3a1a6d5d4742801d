/** After the close: what became of the reader's own votes, joined here and nowhere else. */
import { ask } from "./ask.js";
import { credential } from "./credential.js";
import { find, findAll, page } from "./page.js";
import { say } from "./words.js";

const WORD = {
  agree: () => say("agree"),
  disagree: () => say("disagree"),
  neutral: () => say("neutral"),
};

/** Say how many of the best supported proposals this reader supported. */
export async function tellStory() {
  const path = `consultations/${page.slug}/me?source=${encodeURIComponent(page.source)}`;
  const answer = await ask("GET", path, { credential: credential() });
  if (answer.status === 410) return writeStory(say("destroyed"));
  if (!answer.body.voted) return;
  const own = new Map(answer.body.ballots.map(({ proposal, vote }) => [String(proposal.id), vote]));
  const best = [...findAll(".best li")];
  for (const item of best) markOwn(item, own.get(item.dataset.proposal));
  const supported = best.filter((item) => own.get(item.dataset.proposal) === "agree").length;
  writeStory(say("story", { count: supported, of: best.length }), say("votedOn", { count: answer.body.voted, of: answer.body.of }));
}

function markOwn(item, vote) {
  if (!vote) return;
  const line = item.querySelector(".own-vote");
  line.textContent = say("yourVote", { vote: WORD[vote]().toLowerCase() });
}

function writeStory(...lines) {
  const story = find(".story");
  story.replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }),
  );
}
