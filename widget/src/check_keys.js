// Public keys that somebody trusts, however they were handed over, and what they have signed.
import { Refused } from "./check_json.js";

const ED25519 = { name: "Ed25519" };
const PEM = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/;
const OF_PRIVATE_KEYS = /^whsk_|PRIVATE KEY-----/;
const IN_PEM = "302a300506032b6570032100"; // the twelve bytes before the key (RFC 8410)
const SIZE = 32; // bytes

/** Return the keys in a text: `whpk_…`, bare base64, PEM, or a service's keys.json. */
export async function trusted(text) {
  const told = text.trim();
  if (OF_PRIVATE_KEYS.test(told)) throw new Refused("privateKey");
  try {
    return await Promise.all(raws(told).map(named));
  } catch {
    throw new Refused("noKey");
  }
}

function raws(told) {
  if (told.startsWith("{")) {
    const listed = JSON.parse(told).keys.filter((key) => key.algorithm === ED25519.name);
    if (listed.length) return listed.map((key) => sized(bytesOf(key.publicKey)));
  }
  const pem = told.match(PEM);
  return [pem ? inPem(pem[1].replace(/\s/g, "")) : sized(bytesOf(told.replace(/^whpk_/, "")))];
}

function inPem(base64) {
  const der = bytesOf(base64);
  if (hex(der.slice(0, -SIZE)) !== IN_PEM) throw new Error("another algorithm");
  return der.slice(-SIZE);
}

function sized(raw) {
  if (raw.length !== SIZE) throw new Error("no Ed25519 key");
  return raw;
}

async function named(raw) {
  return { id: (await sha256(raw)).slice(0, 16), raw };
}

/** Return the bytes of base64 as an encoder writes it: some bytes have other texts as well. */
export function bytesOf(base64) {
  const binary = atob(base64);
  if (btoa(binary) !== base64) throw new Error("not base64");
  return Uint8Array.from(binary, (one) => one.charCodeAt(0));
}

export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether this browser knows the algorithm, and the page is one that may use it. */
export async function able(raw) {
  try {
    return Boolean(await imported(raw));
  } catch {
    return false;
  }
}

/** Whether the owner of the key signed exactly these bytes. */
export async function fits(raw, signature, bytes) {
  try {
    return await crypto.subtle.verify(ED25519, await imported(raw), signature, bytes);
  } catch {
    return false; // not every 32 bytes are a key
  }
}

function imported(raw) {
  return crypto.subtle.importKey("raw", raw, ED25519, false, ["verify"]);
}
