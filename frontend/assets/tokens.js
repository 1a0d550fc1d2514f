// The page of one's access tokens: make one, see its secret once, revoke.

import { attempt, byId, call, dates, element, say } from "./page.js";

const TOKENS = "/account/tokens";
const form = byId("make");
const made = byId("made");
const lines = byId("lines");
const copy = byId("copy");

let shownId = null; // of the token whose secret is on the page

function showSecret(token) {
  shownId = token.id;
  lines.textContent = `export GAS_URL=${lines.dataset.url}\nexport GAS_TOKEN=${token.token}`;
  made.hidden = false;
}

function forgetSecret() {
  shownId = null;
  lines.textContent = "";
  made.hidden = true;
}

async function make() {
  const field = form.elements.name;
  const token = await call("POST", TOKENS, { name: field.value.trim() });
  showSecret(token); // first of all: there is no second chance to see it
  field.value = "";
  say(`The token ${token.name} is made. Copy it now: it is shown this once.`);
  await refresh();
}

async function revoke(token) {
  if (!confirm(`Revoke ${token.name}? Whatever uses it will be refused.`)) return;
  await call("DELETE", `${TOKENS}/${token.id}`);
  if (token.id === shownId) forgetSecret();
  say(`The token ${token.name} is revoked.`);
  await refresh();
  form.elements.name.focus(); // the button that had the focus is gone
}

function row(token) {
  const at = (moment) => dates.format(new Date(moment));
  const name = element("td", {}, token.name);
  if (token.expires_at) {
    name.append(element("p", { class: "fine" }, `works until ${at(token.expires_at)}`));
  }
  const button = element("button", { class: "quiet", "aria-label": `Revoke ${token.name}` }, "Revoke");
  button.addEventListener("click", () => attempt(button, () => revoke(token)));
  return element(
    "tr",
    {},
    name,
    element("td", {}, at(token.created_at)),
    element("td", {}, token.last_used_at ? at(token.last_used_at) : "never"),
    element("td", {}, button),
  );
}

async function refresh() {
  const { tokens } = await call("GET", TOKENS);
  const none = element("tr", {}, element("td", { colspan: 4 }, "No tokens yet."));
  byId("tokens").replaceChildren(...(tokens.length ? tokens.map(row) : [none]));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(event.submitter, make);
});

copy.hidden = !navigator.clipboard; // browsers have none on plain http, except on localhost
copy.addEventListener("click", () =>
  attempt(copy, async () => {
    await navigator.clipboard.writeText(lines.textContent);
    say("Copied.");
  }),
);

addEventListener("pagehide", forgetSecret); // the way back must not show it again

refresh().catch((error) => say(error.message, true));
