// The page /verify: hands files to the worker, one after the other, and shows what it found.
import { chained } from "./verify_chain.js";
import { line, verdict } from "./verify_verdict.js";
import { say } from "./words.js";

const known = JSON.parse(document.getElementById("known").textContent);
const form = document.getElementById("check");
const drop = form.querySelector(".drop");
const pasted = document.getElementById("pasted");
const given = document.getElementById("given");
const status = document.querySelector("[role=status]");
const verdicts = document.getElementById("verdicts");
// Begun with the page, so that the page can be cut off from the network before a file is opened.
let worker = newWorker();
let queue = Promise.resolve();

function newWorker() {
  try {
    return new Worker(form.dataset.worker);
  } catch {
    return null;
  }
}

/** Ask the worker; what it cannot answer, it lacks the memory for. */
function askWorker(question) {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      worker = newWorker();
      resolve({ refused: "memory" });
    };
    worker.postMessage(question);
  });
}

async function getReady() {
  const { able } = worker ? await askWorker({}) : {};
  form.hidden = !able;
  document.getElementById("unable").hidden = able;
  form.dataset.ready = "";
}

/** Check all; while it lasts more may be dropped, which is checked after. */
function check(files) {
  queue = queue.then(() => checkAll(files));
}

async function checkAll(files) {
  const keys = { own: known.keys, given: given.value.trim() };
  const found = [];
  form.setAttribute("aria-busy", "true");
  for (const { name, content } of files) {
    status.textContent = say("verifyBusy", { name });
    found.push({ name, ...(await askWorker({ content, keys, shape: known.shape })) });
  }
  form.removeAttribute("aria-busy");
  show(found, Boolean(keys.given));
}

function show(found, pastedKey) {
  const origin = pastedKey ? say("verifyKeyGivenHere") : say("verifyKeyOfService");
  const shown = found.map((one) => verdict(one, chained(one, found), origin));
  verdicts.replaceChildren(...shown);
  status.textContent = "";
  const [first] = shown;
  first.querySelector("h2").focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (pasted.value.trim()) check([{ name: say("verifyPasted"), content: pasted.value }]);
  else pasted.focus();
});

form.querySelector("[type=file]").addEventListener("change", ({ target }) => {
  checkFiles(target.files);
  target.value = ""; // the same file may be chosen again, after it was mended
});

function checkFiles(files) {
  const listed = [...files].map((file) => ({ name: line(file.name), content: file }));
  if (listed.length) check(listed);
}

// A file that misses the field would replace the page.
for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", type === "dragover");
    if (type === "drop") checkFiles(event.dataTransfer.files);
  });
}
document.addEventListener("dragleave", () => drop.classList.remove("over"));

getReady();
