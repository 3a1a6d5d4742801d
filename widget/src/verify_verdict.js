// What is shown of one file: what is proven, what is not, and what the file says.
import { say } from "./words.js";

const SHOWN = 200; // characters of what a file says
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu; // what could turn the direction of a line, or hide in it

const REFUSALS = {
  large: (found) => say("verifyTooLarge", { size: found }),
  notText: () => say("verifyNotText"),
  notJson: (found) => say("verifyNotJson", { line: found }),
  crowded: () => say("verifyCrowded"),
  twice: (found) => say("verifyTwice", { name: found }),
  number: (found) => say("verifyNumber", { number: found }),
  big: (found) => say("verifyBigNumber", { number: found }),
  format: () => say("verifyNoMinutes"),
  shape: (found) => say("verifyShape", { path: found || "{}" }),
  algorithm: (found) => say("verifyAlgorithm", { name: found }),
  signature: () => say("verifyNoSignature"),
  memory: () => say("verifyMemory"),
  noKey: () => say("verifyNoKey"),
  privateKey: () => say("verifyPrivateKey"),
};
const FAULTS = {
  chain: () => say("verifyChain"),
  order: () => say("verifyOrder"),
  checksum: () => say("verifyChecksum"),
  totals: () => say("verifyTotals"),
  counts: () => say("verifyCounts"),
  sources: () => say("verifySources"),
  voters: () => say("verifyVoters"),
};

/** Return a section on one file; `chain` is what `chained` found, `origin` where the keys are from. */
export function verdict(one, chain, origin) {
  const doubts = one.refused ? [] : [...unsigned(one, origin), ...untrue(one), ...broken(chain)];
  const state = one.refused ? "refused" : doubts.length ? "doubted" : "proven";
  const section = element("section", "verdict", [heading(one.name), banner(state)]);
  section.dataset.state = state;
  if (one.refused) section.append(list("doubts", [REFUSALS[one.refused](line(one.found ?? ""))]));
  else section.append(...told(one, doubts, chain, origin));
  return section;
}

/** Return a text that stays one line, and in a sentence from the right keeps its own direction. */
export function line(text) {
  const shown = [...String(text)].slice(0, SHOWN).join("").replace(HIDDEN, "\ufffd");
  return document.documentElement.dir === "rtl" ? `\u2068${shown}\u2069` : shown;
}

function told(one, doubts, chain, origin) {
  const parts = [list("proofs", [...proofs(one, origin), ...followed(chain)]), list("doubts", doubts)];
  const says = [element("h3", "", [say("verifySays")]), list("says", [...sayings(one.says)])];
  return [...parts.filter((part) => part.children.length), ...says];
}

function proofs({ signature, says, faults, rows }, origin) {
  const whole = !faults.includes("checksum") && !faults.includes("totals");
  return [
    signature === "proven" && say("verifySigned", { signer: line(says.signature.key), origin }),
    whole && say("verifySums", { rows }),
  ].filter(Boolean);
}

function unsigned({ signature, says, trusted }, origin) {
  const signer = line(says.signature.key);
  if (signature === "proven") return [];
  if (signature === "changed") return [say("verifyChanged", { signer })];
  const known = trusted.length
    ? say("verifyOtherKey", { signer, known: trusted.join(", "), origin })
    : say("verifyNoKeyKnown");
  return signature === "ownKey" ? [known, say("verifyOwnKey")] : [known];
}

function untrue({ faults }) {
  return faults.map((code) => FAULTS[code]());
}

function followed(chain) {
  return chain
    .filter(({ same }) => same)
    .map(({ version, same }) => say("verifyEarlierHere", { version, name: same }));
}

function broken(chain) {
  return chain
    .filter(({ other }) => other)
    .map(({ version, other }) => say("verifyEarlierOther", { version, name: other }));
}

/** What the file says; whether that is so depends on the signature. */
function* sayings(says) {
  const { consultation, window, recount, folded, voters, earlier } = says;
  const zone = window.timezone;
  const votes = Object.values(says.totals).reduce((sum, one) => sum + one.count, 0);
  yield `${line(consultation.question)} (${line(consultation.slug)})`;
  yield say("verifyVersion", {
    version: says.version,
    drawnUp: moment(says.drawnUpAt, zone),
    deployment: line(says.deployment),
    service: line(says.service),
  });
  if (says.rehearsal) yield say("verifyRehearsal");
  yield say("verifyVotes", { votes, voters: voters.total });
  yield say("verifyWindow", {
    opens: moment(window.opens, zone),
    closes: moment(window.closes, zone),
    zone: line(zone),
    sealed: moment(says.sealedAt, zone),
  });
  if (folded.sources.length) {
    yield say("verifyFolded", { below: folded.below, names: line(folded.sources.join(", ")) });
  }
  if (recount.differences) yield say("verifyDiffers", { differences: recount.differences });
  else yield say("verifyRecounted");
  for (const { version, sha256 } of earlier) yield say("verifyFollows", { version, sha256: line(sha256) });
  if (says.reason) yield say("verifyReason", { reason: line(says.reason) });
}

/** Return an instant in words and in its time zone; what is no instant, as it stands there. */
function moment(text, timeZone) {
  try {
    const { lang } = document.documentElement;
    const region = lang === "en" ? "en-GB" : lang; // as the server's pages write dates
    const how = { dateStyle: "long", timeStyle: "medium", timeZone, numberingSystem: "latn" };
    return new Intl.DateTimeFormat(region, how).format(new Date(text));
  } catch {
    return line(text);
  }
}

function heading(name) {
  const found = element("h2", "", [name]);
  found.tabIndex = -1;
  found.dir = "auto";
  return found;
}

function banner(state) {
  const words = {
    proven: () => say("verifyProven"),
    doubted: () => say("verifyDoubted"),
    refused: () => say("verifyRefused"),
  };
  return element("p", "banner", [words[state]()]);
}

function list(name, lines) {
  const items = lines.map((text) => {
    const item = element("li", "", [text]);
    item.dir = "auto";
    return item;
  });
  return element("ul", name, items);
}

function element(tag, name, children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}
