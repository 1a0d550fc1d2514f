// An upload as a row of the page: what it says, and what can be done.

import { moment, percent, size, span } from "../words.js";

const MEASURE_MS = 250;
const MEASURED = new Set(["reading", "sending", "paused", "broken", "wanted"]);
const NAMED = new Set(["known", "sending", "paused", "broken", "wanted", "checking", "checked"]);

const BADGES = {
  waiting: ["Waiting"],
  reading: ["Reading", "busy"],
  known: ["Known", "warn"],
  sending: ["Uploading", "busy"],
  paused: ["Paused", "warn"],
  broken: ["Broke off", "alarm"],
  wanted: ["Unfinished", "warn"],
  checking: ["Checking", "busy"],
  checked: ["Checked"],
  submitting: ["Submitting", "busy"],
  submitted: ["Submitted", "good"],
  failed: ["Refused", "alarm"],
};
const VERDICTS = {
  ok: ["Ready", "good"],
  ok_with_warnings: ["Ready", "warn"],
  refused: ["Cannot be annotated", "alarm"],
  unknown: ["Not checked", "warn"],
};
const AWAY = { failed: "Remove", known: "Remove", checked: "Delete" };

export class UploadRow {
  /** `template` is the page's; `asks` confirms what cannot be undone; `finds` asks for the file. */
  constructor(upload, template, { asks, finds, limits }) {
    Object.assign(this, { upload, asks, finds, limits });
    this.element = template.content.firstElementChild.cloneNode(true);
    this.part("file-name").textContent = upload.fileName;
    this.#name();
    this.element.addEventListener("submit", (event) => this.#useGenome(event));
    this.measuredAt = 0;
    this.show();
  }

  part(name) {
    return this.element.querySelector(`.${name}`);
  }

  show() {
    const { upload } = this;
    const [word, kind = ""] = upload.state === "checked" ? VERDICTS[upload.verdict] : BADGES[upload.state];
    const badge = this.part("badge");
    badge.textContent = word;
    badge.dataset.state = kind;
    this.part("sentence").replaceChildren(...this.#sentence());
    this.part("job-name").hidden = !NAMED.has(upload.state);
    this.#showReport();
    this.#showActions();
    this.measure(true);
  }

  /** How far it is; so often that it can be read, and no oftener. */
  measure(now = false) {
    const { upload } = this;
    this.part("measure").hidden = !MEASURED.has(upload.state);
    if (!now && performance.now() - this.measuredAt < MEASURE_MS) return;
    this.measuredAt = performance.now();
    const fraction = upload.size ? Math.min(1, upload.done / upload.size) : 0;
    const progress = this.element.querySelector("progress");
    progress.value = fraction;
    progress.setAttribute("aria-label", `${upload.fileName}: how much is there`);
    this.part("figures").textContent = this.#figures(fraction);
  }

  #figures(fraction) {
    const { state, done, size: total, speed, trouble } = this.upload;
    if (trouble) return `The connection broke off. Trying again in ${span(trouble)}.`;
    const parts = [percent(fraction), `${size(Math.min(done, total))} of ${size(total)}`];
    if (state === "sending" && speed.perSecond && done < total) {
      parts.push(`${size(Math.round(speed.perSecond))}/s`, `${span((total - done) / speed.perSecond)} left`);
    }
    return parts.join(" · ");
  }

  #sentence() {
    const { state, sentence, twin, job, reason, keptUntil, genome, file } = this.upload;
    const total = size(this.upload.size);
    switch (state) {
      case "waiting":
        return [`${total}. It will be next.`];
      case "reading":
        return ["Looking whether you uploaded this file before."];
      case "known":
        return [
          `You already uploaded this very file on ${moment(twin.submitted_at ?? twin.created_at)}. `,
          link(`/jobs/${twin.id}`, "Open that job"),
        ];
      case "sending":
        return ["You may leave this page: choose the same file again later to go on."];
      case "paused":
        return ["Paused. What is there stays there."];
      case "wanted":
        return [`Choose ${this.upload.fileName} again to go on. What is there is kept until ${moment(keptUntil)}.`];
      case "checking":
        return ["It is uploaded. Looking whether it can be annotated."];
      case "checked":
        return [sentence || `${total}, genome ${genome}. It is uploaded, and not annotated yet.`];
      case "submitted":
        return ["It is in the queue. ", link(`/jobs/${job}`, "Watch it")];
      case "failed":
        return reason === "large" ? this.#tooLarge(total) : [sentence];
      default:
        return [sentence || (file ? "" : total)];
    }
  }

  #tooLarge(total) {
    const { plan, maxBytes, largest } = this.limits;
    const parts = [`This file has ${total}; your ${plan} plan takes ${size(maxBytes)}. `];
    if (largest && this.upload.size <= largest.bytes) {
      parts.push(link("/account/plan", `${largest.plan} takes ${size(largest.bytes)}: upgrade`));
    }
    return parts;
  }

  #showReport() {
    const { report } = this.upload;
    const answer = this.part("answer");
    answer.innerHTML = report; // made by the server, which escapes whatever a file says
  }

  #showActions() {
    const { upload } = this;
    const again = () => upload.go();
    const actions = {
      known: [["Upload it again", () => upload.goOnAnyway(), "quiet"]],
      sending: [["Pause", () => upload.pause(), "quiet"]],
      paused: [["Go on", again]],
      broken: [["Try again", () => (upload.file ? again() : upload.recall())]],
      wanted: [["Choose the file", () => this.finds(upload)]],
      checked: [
        upload.isReady
          ? ["Annotate", () => upload.submit()]
          : ["Annotate anyway", () => upload.submit(), "quiet"],
        ...(upload.verdict === "unknown" ? [["Check again", () => upload.check(), "quiet"]] : []),
      ],
    };
    const buttons = (actions[upload.state] ?? []).map(([label, run, kind = ""]) => button(label, run, kind));
    if (!["submitted", "submitting"].includes(upload.state)) {
      buttons.push(button(AWAY[upload.state] ?? "Give up", () => this.asks(upload), "quiet"));
    }
    for (const one of buttons) one.setAttribute("aria-label", `${one.textContent}: ${upload.fileName}`);
    this.part("actions").replaceChildren(...buttons);
  }

  #name() {
    const input = this.part("job-name").querySelector("input");
    const label = this.part("job-name").querySelector("label");
    input.id = `name-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    label.htmlFor = input.id;
    input.value = this.upload.name;
    input.placeholder = this.upload.fileName;
    input.addEventListener("change", () => {
      this.upload.rename(input.value).then(
        () => this.#complain(""),
        (error) => this.#complain(error.message),
      );
    });
  }

  #complain(sentence) {
    this.part("job-name").querySelector(".error").textContent = sentence;
  }

  /** The report offers another genome by a form, which works as a page too. */
  #useGenome(event) {
    event.preventDefault();
    this.upload.useGenome(new FormData(event.target).get("genome"));
  }
}

function button(label, run, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.className = kind;
  made.addEventListener("click", run);
  return made;
}

function link(address, text) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}
