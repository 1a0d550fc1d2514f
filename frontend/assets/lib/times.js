// Times as who looks reads them. The server writes UTC, which stays where there is no JavaScript.

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

// In seconds; each is used from two of it on, so that "90 minutes" is not "2 hours".
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const TICK_MS = 1_000;

function inWords(seconds) {
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= 2 * length) ?? ["second", 1];
  return relative.format(Math.round(seconds / length), unit);
}

function show(element) {
  const moment = new Date(element.dateTime);
  const isRelative = element.hasAttribute("data-relative");
  const text = isRelative ? inWords((moment - Date.now()) / 1_000) : absolute.format(moment);
  if (element.textContent !== text) element.textContent = text;
  element.title ||= exact.format(moment);
}

/** Writes all times of the page anew. */
export function showTimes() {
  document.querySelectorAll("time[data-moment], time[data-relative]").forEach(show);
}

setInterval(() => document.querySelectorAll("time[data-relative]").forEach(show), TICK_MS);
