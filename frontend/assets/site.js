// On every page: htmx with morphing swaps, times in the zone of who looks, small helpers in markup.

import htmx from "htmx.org";
import "./lib/live.js";
import { showTimes } from "./lib/times.js";

// Our policy allows no eval and no inline style, and what a page showed is not kept in the browser.
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

/** Tells of what cannot be seen otherwise; screen readers say it. */
function say(text, alarm = false) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.classList.toggle("alarm", alarm);
  place.hidden = !text;
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const before = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = before), 1_500);
}

document.addEventListener("click", (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier).catch(() => say("The browser did not allow to copy.", true));
  const opener = event.target.closest("[data-opens]");
  if (opener) document.querySelector(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") htmx.trigger(document.body, "gas:visible");
});

document.addEventListener("htmx:sendError", () => say("GAS cannot be reached. Is the network there?", true));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const id = xhr.getResponseHeader("X-Request-Id");
  say(`That did not work (${xhr.status}). Please reload the page. Request ${id}.`, true);
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && say(""));
document.addEventListener("htmx:afterSwap", () => showTimes());

showTimes();
