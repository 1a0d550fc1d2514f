// The page to submit files on: takes them in, shows each as a row, and sends what passed on its way.

import { Remembered } from "./lib/upload/remembered.js";
import { UploadRow } from "./lib/upload/row.js";
import { Upload } from "./lib/upload/upload.js";
import { whenFilesCome } from "./lib/upload/taking.js";

const byId = (id) => document.getElementById(id);
const main = byId("submit");
const { user, plan, maxBytes, hashing, largestPlan, largestBytes } = main.dataset;

const page = { remembered: new Remembered(user), worker: hashing, maxBytes: Number(maxBytes) };
const limits = {
  plan,
  maxBytes: Number(maxBytes),
  largest: { plan: largestPlan, bytes: Number(largestBytes) },
};
const rows = new Map(); // by upload
let wanted = null; // the upload whose file is being chosen again

function add(upload, section) {
  const row = new UploadRow(upload, byId("upload-row"), { asks: giveUp, finds: findAgain, limits });
  rows.set(upload, row);
  section.querySelector("ul").append(row.element);
  upload.onChange = () => change(upload);
  upload.onMeasure = (now) => row.measure(now);
  tidy();
}

function change(upload) {
  if (upload.state === "gone") {
    rows.get(upload).element.remove();
    rows.delete(upload);
  } else {
    rows.get(upload).show();
  }
  tidy();
  const isAlone = rows.size === 1;
  if (upload.state === "submitted" && isAlone) location.assign(`/jobs/${upload.job}`);
}

/** Sections without rows are not there, and neither is a button without a use. */
function tidy() {
  for (const section of [byId("unfinished"), byId("current")]) {
    section.hidden = !section.querySelector("li");
  }
  const ready = [...rows.keys()].filter((upload) => upload.isReady);
  const all = byId("annotate-all");
  all.hidden = ready.length < 2;
  all.textContent = `Annotate all ${ready.length} that passed`;
}

async function takeIn(files) {
  const again = wanted;
  wanted = null;
  for (const file of files) {
    if (again && (await goOn(again, file, true))) continue;
    if (await isUnfinished(file)) continue;
    const upload = new Upload(page, { file, genome: byId("genome").value });
    add(upload, byId("current"));
    upload.go();
  }
}

/** Whoever drops the file of an unfinished upload anew wants to go on with it. */
async function isUnfinished(file) {
  for (const upload of rows.keys()) {
    if (upload.state === "wanted" && upload.fileName === file.name && (await goOn(upload, file))) return true;
  }
  return false;
}

async function goOn(upload, file, isSaid = false) {
  if (await upload.take(file)) return true;
  if (isSaid) {
    rows.get(upload).part("sentence").textContent =
      `${file.name} is another file than the one that was uploaded in part: it is taken as a new one.`;
  }
  return false;
}

function findAgain(upload) {
  wanted = upload;
  byId("files").click();
}

/** What took time to upload goes only after a second question. */
async function giveUp(upload) {
  const isWorthAsking = upload.job && upload.done > 0;
  if (isWorthAsking && !(await isSure(upload))) return;
  await upload.giveUp();
}

function isSure(upload) {
  const dialog = byId("give-up");
  byId("give-up-sentence").textContent =
    `What is uploaded of ${upload.fileName} is deleted. The file on your machine stays.`;
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "give-up"), { once: true });
  });
}

whenFilesCome(takeIn);

byId("annotate-all").addEventListener("click", () => {
  for (const upload of rows.keys()) if (upload.isReady) upload.submit();
});

addEventListener("beforeunload", (event) => {
  if ([...rows.keys()].some((upload) => upload.isBusy && upload.state !== "submitting")) event.preventDefault();
});

for (const entry of page.remembered.all()) {
  const upload = Upload.recalled(page, entry);
  add(upload, byId("unfinished"));
  upload.recall();
}
