/** The first vote, and the way to all that can follow it. */
import { credential, getCredential, recalled } from "./credential.js";
import { arrived, extra } from "./extras.js";
import { castVote, first } from "./first.js";
import { greetHost } from "./host.js";
import { booth, page } from "./page.js";
import { afterPaint, notePress, tell } from "./view.js";
import { hurry, leftOver, reportTo } from "./wishes.js";
import { say } from "./words.js";

function press(event) {
  const target = event.target.closest(page.cards ? "button, a:not([target])" : "a:not([target])");
  if (!target) return;
  // Not "submit": a sandboxed frame without allow-forms never fires it.
  event.preventDefault();
  notePress(event);
  if (target.matches(".vote") && !first.ballot && !arrived()) castVote(first, target.value);
  else extra("pressed", target).then(() => arrived() || tell(say("unreachable")));
}

/** At the first touch or focus: the vote itself then needs one request, and what follows none. */
function prepare() {
  if (!credential()) getCredential();
  afterPaint(extra);
}

/** Let the reader in, and the host show the frame. */
function admit() {
  booth.inert = false;
  greetHost();
}

function start() {
  reportTo({
    counted: (...given) => extra("counted", ...given),
    dealt: (...given) => extra("dealt", ...given),
    refused: (...given) => extra("refused", ...given),
    delayed() {
      tell(say("kept"));
      extra("delayed");
    },
  });
  for (const type of ["pointerdown", "focusin"]) booth.addEventListener(type, prepare, { once: true });
  for (const type of ["online", "pagehide"]) addEventListener(type, hurry);
}

document.documentElement.dataset.script = "";
document.body.hidden = false; // should the style sheet never come
booth.addEventListener("click", press);
if (page.cards) start();
const notice = booth.dataset.notice;
const returning = notice ? recalled() : first && !page.voted && (recalled() || leftOver().length);
if (returning) {
  // A reader whose browser kept a credential meets what is theirs first, and nothing that jumps.
  booth.inert = true;
  extra(notice ? "begin" : "welcome").then(admit, admit);
} else {
  if (notice || first?.ballot) extra("begin");
  greetHost();
}
