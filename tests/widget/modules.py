"""A small booth of modules like the real one's, for tests of how they are joined."""

from pathlib import Path

MESSAGES = {"hello": "Bonjour", "bye": {"one": "Au revoir", "other": "Au revoir à tous"}, "no": "?"}
MODULES = {
    "words": """
const WORDS = {};

export const say = (key) => WORDS[key].other ?? WORDS[key];
""",
    "state": """
const state = { said: [] };

export const remember = (text) => state.said.push(text);

export async function recall() {
  return state.said.join(", ");
}

export let count = 0;
""",
    "main": """
import { remember } from "./state.js";
import { say } from "./words.js";

remember(say("hello"));
""",
    "story": """
import { remember } from "./state.js";

export const tell = (text) => remember(`(${text})`);
""",
    "more": """
import {
  recall,
  remember,
} from "./state.js";
import { tell } from "./story.js";
import { say } from "./words.js";

tell(say("hello"));
remember(say("bye"));
recall().then((text) => (document.title = text));
""",
}


def written(folder: Path, **changed: str) -> Path:
    """Write the modules, some of them `changed`, into `folder`; return `main.js`."""
    for name, text in (MODULES | changed).items():
        (folder / f"{name}.js").write_text(text.lstrip())
    return folder / "main.js"
