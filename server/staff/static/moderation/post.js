// Sending: forms in the background, one act after the other.

export const PATIENCE = 8000; // milliseconds for an answer

let sending = Promise.resolve(); // in the order of the presses

export const token = () => document.body.dataset.form;

export async function post(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json", "Isoloir-Form": token() },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(answer.status);
  return [answer.ok, await answer.json()];
}

export const fieldsOf = (form, button) => new URLSearchParams(new FormData(form, button));

// What is sent waits for what was pressed before it, so an undo never overtakes its decision.
export function inTurn(work) {
  sending = sending.then(work, work);
  return sending;
}
