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
const SUPPORTED = {
  best: (numbers) => say("story", numbers),
  selected: (numbers) => say("storySelected", numbers),
  put: (numbers) => say("storyPut", numbers),
};

/** Say how many of the selected or best supported proposals this reader supported. */
export async function tellStory() {
  const path = `consultations/${page.slug}/me?source=${encodeURIComponent(page.source)}`;
  const answer = await ask("GET", path, { credential: credential() });
  if (answer.status === 410) return writeStory(say("destroyed"));
  if (!answer.body.voted) return;
  const own = new Map(answer.body.ballots.map(({ proposal, vote }) => [String(proposal.id), vote]));
  for (const item of findAll(".best li[data-proposal]")) markOwn(item, own.get(item.dataset.proposal));
  writeStory(
    supported(find(".best"), own),
    ...actions(own),
    say("votedOn", { count: answer.body.voted, of: answer.body.of }),
  );
}

/** Of the first list, which may show only some of what it is about. */
function supported(list, own) {
  const shown = [...list.children].map((item) => item.dataset.proposal);
  const all = list.dataset.all?.split(" ") ?? shown;
  const count = all.filter((number) => own.get(number) === "agree").length;
  return SUPPORTED[list.dataset.kind ?? "best"]({ count, of: all.length });
}

/** Say how many actions come from what the reader supported, if any does. */
function actions(own) {
  const all = JSON.parse(find(".story").dataset.actions ?? "[]");
  const count = all.filter((from) => from.some((number) => own.get(String(number)) === "agree")).length;
  return count ? [say("storyActions", { count, of: all.length })] : [];
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
