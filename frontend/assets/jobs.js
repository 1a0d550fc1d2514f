// The page of one's jobs: upload with progress, its check, the list polled, links, cancel, delete, plan.

import { API, attempt, byId, call, dates, element, say } from "./page.js";
import { reportOf } from "./preflight.js";

const QUICK_MS = 2_000;
const SLOW_MS = 15_000;
const MOVING_STATUS = new Set(["SUBMITTED", "RUNNING"]);
const MOVING_STORAGE = new Set(["ARCHIVING", "RESTORING"]);
const STATES = {
  DRAFT: "not submitted yet",
  SUBMITTED: "waiting",
  RUNNING: "annotating",
  FAILED: "failed",
  CANCELLED: "cancelled",
  AVAILABLE: "done",
  ARCHIVING: "done, being archived",
  ARCHIVED: "done, archived",
  RESTORING: "done, being retrieved",
};

const table = byId("jobs");
const older = byId("older");
const loss = byId("loss");
const check = byId("check");

let shown = 20; // jobs on the page
let timer = 0;
let checked = null; // the draft whose check is shown

/** POSTs the file to the store. XMLHttpRequest, because fetch does not tell upload progress. */
function send(form, file, onProgress) {
  return new Promise((resolve, reject) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
    data.append("file", file); // the store wants it last
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Error("The upload broke off. Please try again."));
    request.onload = () =>
      request.status < 300
        ? resolve()
        : reject(new Error(`The store refused the file (${request.status}).`));
    request.open("POST", form.url);
    request.send(data);
  });
}

async function upload(form) {
  const file = form.elements.file.files[0];
  const genome = form.elements.genome.value;
  const sent = byId("sent");
  say(`Uploading ${file.name} …`);
  sent.value = 0;
  sent.hidden = false;
  try {
    const draft = await call("POST", "/jobs", { file_name: file.name, genome, size: file.size });
    await send(draft.upload, file, (fraction) => (sent.value = fraction));
    sent.hidden = true;
    form.reset();
    await checkUpload(draft.job);
  } finally {
    sent.hidden = true;
    await refresh();
  }
}

/** Shows what the annotation would make of a draft's file; the user decides. */
async function checkUpload(job) {
  say(`Checking ${job.file_name} …`);
  check.hidden = true;
  let parts;
  let refused = false;
  try {
    const report = await call("POST", `/jobs/${job.id}/preflight`);
    parts = reportOf(report);
    refused = report.verdict === "refused";
  } catch (error) {
    parts = [element("p", {}, `It could not be checked: ${error.message} You may try to annotate it.`)];
  }
  say("");
  checked = job;
  byId("checked").textContent = job.file_name;
  byId("report").replaceChildren(...parts);
  byId("annotate").textContent = refused ? "Annotate anyway" : "Annotate";
  byId("annotate").classList.toggle("quiet", refused);
  byId("discard").classList.toggle("quiet", !refused);
  check.hidden = false;
  byId("checked").focus();
}

/** After the decision the check is gone, and the job goes on or away. */
async function decide(method, path, sentence) {
  await call(method, path);
  check.hidden = true;
  say(sentence);
  await refresh();
}

function state(job) {
  const words = STATES[job.storage ?? job.status] ?? job.status;
  const cell = element("td", {}, words);
  if (job.status === "RUNNING" && job.progress) {
    const percent = Math.round(job.progress.fraction * 100);
    cell.append(` ${percent} % `);
    cell.append(element("progress", { max: 100, value: percent, "aria-label": "Annotation" }));
  }
  if (job.failure) cell.append(element("p", { class: "fine alarm" }, job.failure.message));
  if (job.storage === "RESTORING" && job.retrieval_tier) {
    cell.append(element("p", { class: "fine" }, job.retrieval_tier));
  }
  if (job.storage === "AVAILABLE" && job.archive_due_at) {
    const due = dates.format(new Date(job.archive_due_at));
    cell.append(element("p", { class: "fine" }, `to be archived ${due}`));
  }
  return cell;
}

function result(job) {
  const cell = element("td");
  for (const file of job.files) {
    const line = element("div");
    if (file.lost) {
      line.append(element("span", { class: "fine alarm" }, `${file.name} (lost)`));
    } else if (file.archived) {
      line.append(element("span", { class: "fine" }, `${file.name} (archived)`));
    } else {
      line.append(element("a", { href: `${API}/jobs/${job.id}/files/${file.name}` }, file.name));
    }
    cell.append(line);
  }
  return cell;
}

function action(label, job, run) {
  const button = element(
    "button",
    { class: "quiet", "aria-label": `${label} ${job.file_name}` },
    label,
  );
  button.addEventListener("click", () => attempt(button, () => run().then(refresh)));
  return button;
}

function actions(job) {
  const cell = element("td");
  if (job.status === "DRAFT") cell.append(action("Check", job, () => checkUpload(job)));
  if (MOVING_STATUS.has(job.status)) {
    cell.append(action("Cancel", job, () => call("POST", `/jobs/${job.id}/cancel`)));
  }
  cell.append(
    action("Delete", job, async () => {
      if (confirm(`Delete ${job.file_name} with its result for good?`)) {
        await call("DELETE", `/jobs/${job.id}`);
      }
    }),
  );
  return cell;
}

function row(job) {
  const made = dates.format(new Date(job.created_at));
  return element(
    "tr",
    {},
    element("td", {}, job.file_name),
    element("td", {}, made),
    state(job),
    result(job),
    actions(job),
  );
}

/** The newest jobs, up to ``shown``: pages are followed until enough are there. */
async function newest() {
  const jobs = [];
  let cursor = null;
  let lostBefore = null;
  do {
    const query = new URLSearchParams({ limit: Math.min(shown, 100) });
    if (cursor) query.set("cursor", cursor);
    const page = await call("GET", `/jobs?${query}`);
    jobs.push(...page.jobs);
    cursor = page.next_cursor;
    lostBefore = page.jobs_lost_before;
  } while (cursor && jobs.length < shown);
  return { jobs, more: cursor !== null, lostBefore };
}

/** One plain sentence where jobs of this user went with a former job store. */
function tellLoss(before) {
  loss.hidden = !before;
  if (!before || loss.textContent) return;
  const when = dates.format(new Date(before));
  loss.textContent = `Your jobs from before ${when} were lost when the job store was replaced. Please submit them again.`;
}

let last = ""; // what is on the page: it is left alone while nothing changes

async function refresh() {
  clearTimeout(timer);
  let pause = SLOW_MS;
  try {
    const { jobs, more, lostBefore } = await newest();
    tellLoss(lostBefore);
    const now = JSON.stringify(jobs);
    if (now !== last) {
      const none = element("tr", {}, element("td", { colspan: 5 }, "No jobs yet."));
      table.replaceChildren(...(jobs.length ? jobs.map(row) : [none]));
      last = now;
      const isDraft = ({ id, status }) => id === checked?.id && status === "DRAFT";
      if (!jobs.some(isDraft)) check.hidden = true;
    }
    older.hidden = !more;
    const isMoving = (job) => MOVING_STATUS.has(job.status) || MOVING_STORAGE.has(job.storage);
    if (jobs.some(isMoving)) pause = QUICK_MS;
  } catch (error) {
    say(error.message, true);
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, pause);
}

byId("upload").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(event.submitter, () => upload(event.target));
});

byId("annotate").addEventListener("click", ({ currentTarget }) =>
  attempt(currentTarget, () =>
    decide("POST", `/jobs/${checked.id}/submit`, `${checked.file_name} is submitted.`),
  ),
);

byId("discard").addEventListener("click", ({ currentTarget }) =>
  attempt(currentTarget, () =>
    decide("DELETE", `/jobs/${checked.id}`, `${checked.file_name} is discarded.`),
  ),
);

byId("plan").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(event.submitter, async () => {
    const plan = await call("PUT", "/account/plan", { plan: event.target.elements.plan.value });
    say(`You are on the ${plan.plan} plan.`);
    await refresh();
  });
});

older.addEventListener("click", () => {
  shown += 20;
  attempt(older, refresh);
});

refresh();
