// Whether the numbers of minutes fit each other: the same as server/consultations/minutes_files.py.
import { byCodePoint } from "./check_writing.js";

const COUNTERS = ["count", "countVerified", "countSequence"];

/** Return the rows in their order. */
export function sorted(rows) {
  return [...rows].sort(byPlace);
}

/** Return a code for everything in which the document contradicts itself, but for its checksum. */
export function contradictions(document) {
  const { rows, totals, voters } = document;
  const titles = Object.values(voters.sources);
  const faults = [
    ["chain", !everyVersion(document)],
    ["order", rows.some((row, at) => at && byPlace(rows[at - 1], row) >= 0)],
    ["totals", !sameSums(rows, totals)],
    ["counts", !rows.every((row) => Object.values(row.votes).every(plausible))],
    ["sources", !rows.every((row) => Object.hasOwn(voters.sources, row.source))],
    ["voters", titles.reduce((sum, number) => sum + number, 0) !== voters.total],
  ];
  return faults.filter(([, wrong]) => wrong).map(([code]) => code);
}

function byPlace(one, other) {
  return byCodePoint(one.proposal, other.proposal) || byCodePoint(one.source, other.source);
}

function everyVersion({ earlier, version }) {
  const versions = [...earlier.map((one) => one.version), version];
  return versions.every((number, at) => number === at + 1);
}

/** A sum above 2^53 is not exact, but then it is also above every total that was let in. */
function sameSums(rows, totals) {
  return Object.entries(totals).every(([vote, total]) => {
    const counted = rows.map((row) => row.votes[vote]);
    const nuances = Object.entries(total.qualifications);
    return (
      same(counted, total) &&
      nuances.every(([name, sum]) => same(counted.map((one) => one.qualifications[name]), sum))
    );
  });
}

function same(counted, total) {
  return COUNTERS.every((name) => counted.reduce((sum, one) => sum + one[name], 0) === total[name]);
}

function plausible(counted) {
  const nuances = Object.values(counted.qualifications);
  return (
    [counted, ...nuances].every(falls) &&
    nuances.every((nuance) => COUNTERS.every((name) => nuance[name] <= counted[name]))
  );
}

function falls({ count, countVerified, countSequence }) {
  return count >= countVerified && countVerified >= countSequence;
}
