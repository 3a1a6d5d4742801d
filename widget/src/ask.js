import { opaque } from "./page.js";

const PATIENCE = 15_000; // ms before a silent server is taken for an absent one

/**
 * Ask the service, and never throw.
 *
 * @returns {Promise<{status: number, after: number, body: object}>} `status` 0 if no answer came,
 *   `after` the seconds the service asks to wait, 0 if it does not say
 */
export async function ask(method, path, { body, credential, patience = PATIENCE } = {}) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (credential) headers.Authorization = `Bearer ${credential}`;
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
      // Any advertisement can plant a sandboxed frame: it must never vote with the reader's cookie.
      credentials: opaque ? "omit" : "same-origin",
      keepalive: true, // a vote outlives the page it was cast on
      signal: AbortSignal.timeout?.(patience),
    });
    const after = Number(response.headers.get("Retry-After")) || 0;
    return { status: response.status, after, body: await response.json() };
  } catch {
    return { status: 0, after: 0, body: {} };
  }
}
