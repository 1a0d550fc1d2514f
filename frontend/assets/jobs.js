// The page of one's jobs: what is selected, what is new, and how long it can be undone.

const NEWS = {
  "SUBMITTED AVAILABLE": "is done",
  "RUNNING AVAILABLE": "is done",
  "RESTORING AVAILABLE": "is back from the archive",
  "SUBMITTED FAILED": "has failed",
  "RUNNING FAILED": "has failed",
  "AVAILABLE ARCHIVED": "is archived",
  "ARCHIVING ARCHIVED": "is archived",
};

const list = () => document.getElementById("jobs");
const picks = () => [...list().querySelectorAll("input[name=job]")];

/** Says how many are selected; without any there is nothing to do to them. */
function showSelection() {
  const bulk = document.getElementById("bulk");
  if (!bulk) return;
  const boxes = picks();
  const count = boxes.filter((box) => box.checked).length;
  const box = bulk.querySelector("[data-select-all] input");
  box.checked = count > 0 && count === boxes.length;
  box.indeterminate = count > 0 && count < boxes.length;
  bulk.querySelector("[data-selected]").textContent = count ? `${count} selected:` : "None selected";
  for (const button of bulk.querySelectorAll("button")) button.disabled = !count;
}

/** States and titles by job, as the page shows them. */
function shown() {
  const rows = list().querySelectorAll("tr[data-job]");
  return new Map(
    [...rows].map((row) => [
      row.id,
      { state: row.dataset.job, title: row.querySelector("[data-title]").textContent },
    ]),
  );
}

let before = shown();

/** Says once what became of jobs since the list was last looked at. */
function tellNews() {
  const now = shown();
  const news = [];
  for (const [id, { state, title }] of now) {
    const what = NEWS[`${before.get(id)?.state} ${state}`];
    if (what) news.push(`${title} ${what}.`);
  }
  if (news.length) document.getElementById("news").textContent = news.join(" ");
  before = now;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.job-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-select-all]")) {
    for (const box of picks()) box.checked = target.checked;
  }
  showSelection();
});

document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.job-menu")));
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  const menu = target.closest("details.job-menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// What cannot be undone is asked first, button by button.
document.addEventListener("htmx:confirm", (event) => {
  const question = event.detail.triggeringEvent?.submitter?.dataset.confirm;
  if (!question) return;
  event.preventDefault();
  if (confirm(question)) event.detail.issueRequest(true);
});

// After an action nothing is selected and no menu is open.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.verb !== "post") return;
  closeMenus();
  for (const box of picks()) box.checked = false;
});

document.addEventListener("htmx:afterSwap", () => {
  showSelection();
  tellNews();
});

// What can no longer be undone is not offered.
setInterval(() => {
  for (const notice of document.querySelectorAll("[data-notice][data-until]")) {
    if (new Date(notice.dataset.until) <= new Date()) notice.remove();
  }
}, 1_000);

// The address told what was done just now; a reload need not tell it again.
const address = new URL(location.href);
if (address.searchParams.has("did")) {
  for (const name of ["did", "job", "no"]) address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}

showSelection();
