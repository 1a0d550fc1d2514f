// The page of a job: the log shows its end while it grows, unless somebody reads further up.

const SLACK_PIXELS = 8;

const log = () => document.getElementById("log");
const toEnd = (element) => element?.scrollTo({ top: element.scrollHeight });
const isAtEnd = (element) =>
  !element || element.scrollHeight - element.scrollTop - element.clientHeight <= SLACK_PIXELS;

let follows = true;
document.addEventListener("htmx:beforeSwap", () => (follows = isAtEnd(log())));
document.addEventListener("htmx:afterSwap", () => follows && toEnd(log()));
toEnd(log());
