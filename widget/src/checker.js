// The worker of /verify: reads minutes without trusting them, and says what they prove. It is given
// files by the page and asks nobody anything: its policy would not let it (server/web/verifying.py).
import { Refused, parsed } from "./check_json.js";
import { able, bytesOf, fits, sha256, trusted } from "./check_keys.js";
import { demand } from "./check_shape.js";
import { contradictions, sorted } from "./check_sums.js";
import { rowsWritten, documentWritten } from "./check_writing.js";

const FORMAT = "isoloir-minutes/1";
const LARGEST = 256 * 1024 * 1024; // bytes; read, a file takes several times as much memory
const A_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="; // RFC 8032, 7.1, test 1

/** Return whether all can be checked here, or what there is to say of one file. */
async function answer({ content, keys, shape }) {
  if (!content) return { able: await able(bytesOf(A_KEY)) };
  try {
    return await examined(await readAsMinutes(content, shape), await knownKeys(keys));
  } catch (error) {
    // Anything else is the browser's own limit: no text so long, no memory for it.
    return error instanceof Refused ? { refused: error.code, found: error.found } : { refused: "memory" };
  }
}

async function knownKeys({ own, given }) {
  const all = await Promise.all((given ? [given] : own).map(trusted));
  return all.flat();
}

/** `content` is a file or the text of one. */
async function readAsMinutes(content, shape) {
  const blob = new Blob([content]);
  if (blob.size > LARGEST) throw new Refused("large", LARGEST / 1024 / 1024);
  const document = parsed(decoded(await blob.arrayBuffer()), blob.size);
  if (document?.format !== FORMAT) throw new Refused("format");
  demand(document, shape);
  demandSignature(document.signature);
  return document;
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw error instanceof TypeError ? new Refused("notText") : error;
  }
}

function demandSignature({ algorithm, value }) {
  if (algorithm !== "Ed25519") throw new Refused("algorithm", algorithm);
  try {
    bytesOf(value);
  } catch {
    throw new Refused("signature");
  }
}

async function examined(document, keys) {
  const rows = rowsWritten(document.rows);
  const faults = contradictions(document);
  const ordered = faults.includes("order") ? rowsWritten(sorted(document.rows)) : rows;
  if ((await sha256(ordered)) !== document.checksum) faults.push("checksum");
  return {
    sha256: await sha256(documentWritten(document, rows)),
    signature: await signer(document, rows, keys),
    trusted: keys.map((key) => key.id),
    faults,
    rows: document.rows.length,
    says: { ...document, rows: null, proposals: null },
  };
}

/** Return `proven`, or why it is not; a key inside the file proves nothing, but may be told of. */
async function signer(document, rows, keys) {
  const { value, ...rest } = document.signature;
  const signed = documentWritten({ ...document, signature: rest }, rows);
  const named = keys.find((key) => key.id === rest.key);
  if (named) return (await fits(named.raw, bytesOf(value), signed)) ? "proven" : "changed";
  const [inside] = await trusted(rest.publicKey).catch(() => []);
  const itsOwn = inside?.id === rest.key && (await fits(inside.raw, bytesOf(value), signed));
  return itsOwn ? "ownKey" : "unknown";
}

self.onmessage = async ({ data }) => self.postMessage(await answer(data));
