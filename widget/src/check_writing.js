// The canonical JSON that is signed (server/consultations/rows.py): keys in the order of their code
// points, no spaces, no escapes but those JSON demands, which are those of JSON.stringify.

const BLOCK = 1_000; // rows written at once
const encoder = new TextEncoder();

/** Order texts by code points: of UTF-16 units, those of pairs would come before U+E000. */
export function byCodePoint(one, other) {
  const length = Math.min(one.length, other.length);
  let at = 0;
  while (at < length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at < length ? rank(one.charCodeAt(at)) - rank(other.charCodeAt(at)) : one.length - other.length;
}

function rank(unit) {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit;
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** Return the bytes of the rows: by the block, for one text of all may be longer than texts get. */
export function rowsWritten(rows) {
  const blocks = [];
  for (let at = 0; at < rows.length; at += BLOCK) {
    const block = rows.slice(at, at + BLOCK).map(canonical).join(",");
    blocks.push(encoder.encode(at ? `,${block}` : block));
  }
  return joined([encoder.encode("["), ...blocks, encoder.encode("]")]);
}

/** Return the bytes of a document whose rows are written already. */
export function documentWritten(document, rows) {
  const parts = Object.keys(document)
    .sort(byCodePoint)
    .flatMap((name, number) => [
      encoder.encode(`${number ? "," : "{"}${JSON.stringify(name)}:`),
      name === "rows" ? rows : encoder.encode(canonical(document[name])),
    ]);
  return joined([...parts, encoder.encode("}")]);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
