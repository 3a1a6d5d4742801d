/** Screens without a vote: what they tell the host, and the reader. */
import { recalled } from "./credential.js";
import { tellHost } from "./host.js";
import { booth, find } from "./page.js";
import { tellStory } from "./story.js";
import { WELCOME } from "./turns.js";
import { focusOn } from "./view.js";

// Nothing has happened: readers wait, or look at results that they asked for.
const QUIET = ["upcoming", "results"];

/** Begin a page that is no first card; resolves when a returning reader can be let in. */
export async function begin() {
  const { notice } = booth.dataset;
  if (!notice) return;
  if (!QUIET.includes(notice)) tellHost(notice === "closed" ? notice : "error", { code: notice });
  if (find(".best") && recalled()) await Promise.race([tellStory(), pause(WELCOME)]);
  booth.inert = false;
  // In a frame that has focus, the reader was in the page whose place this one took.
  if (parent !== self) focusOn(".headline");
}

const pause = (duration) => new Promise((over) => setTimeout(over, duration));
