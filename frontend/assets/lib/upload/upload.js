// One file on its way from the disk to a submitted job. It knows nothing of the page: whoever
// shows it sets `onChange` (another state) and `onMeasure` (further in the same state; told true
// where that should be seen at once).

import { call, fragment, Problem } from "../rest.js";
import { Turns } from "./patience.js";
import { claim } from "./remembered.js";
import { sendFile } from "./sending.js";
import { headOf, sha256Of } from "./sha256.js";
import { Speed } from "./speed.js";

const reading = new Turns(1);
const sending = new Turns(2);
const checking = new Turns(2);

/** States in which leaving the page would stop something. */
const BUSY = new Set(["waiting", "reading", "sending", "checking", "submitting"]);

/**
 * The states: waiting (for its turn), reading (for the SHA-256), known (there is a job of this very
 * file), sending, paused, broken (can be tried again), wanted (the file must be chosen again),
 * checking, checked (`verdict` says how), submitting, submitted, failed (for good), gone.
 */
export class Upload {
  state = "waiting";
  job = null;
  twin = null;
  sentence = "";
  report = "";
  verdict = null;
  done = 0; // bytes, of what is going on
  trouble = 0; // seconds until the next try
  speed = new Speed();
  onChange = () => {};
  onMeasure = () => {};
  #page;
  #stopper = new AbortController();
  #isAnotherOne = false;
  #naming = Promise.resolve();
  #key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

  /** `page` has `remembered`, `worker` (the address of hashing.js) and `maxBytes`. */
  constructor(page, { file = null, genome, name = "", size, fileName, job = null, head = null, sha256 = null }) {
    this.#page = page;
    Object.assign(this, { file, genome, name, job, head, sha256 });
    this.fileName = file?.name ?? fileName;
    this.size = file?.size ?? size;
  }

  static recalled(page, entry) {
    const { file, ...rest } = entry;
    return new Upload(page, { ...rest, fileName: file.name, size: file.size });
  }

  get isBusy() {
    return BUSY.has(this.state);
  }

  get isReady() {
    return this.state === "checked" && (this.verdict === "ok" || this.verdict === "ok_with_warnings");
  }

  /** Goes on from wherever it stopped; each step is taken once. */
  async go() {
    this.#stopper = new AbortController();
    const { signal } = this.#stopper;
    try {
      if (!this.#isFit()) return;
      this.#become("waiting");
      if (!this.sha256) await reading.take(() => this.#read(signal), signal);
      if (!this.job && !(await this.#isNew(signal))) return;
      if (!this.job) await this.#draft(signal);
      await sending.take(() => this.#send(signal), signal);
      await this.#check(signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** After a reload: is it there already, or is the file needed again? */
  async recall() {
    try {
      if (!(await claim(this.job))) return this.#become("gone"); // another tab has it
      const plan = await call("POST", `/jobs/${this.job}/upload`, { size: this.size });
      if (plan.done) return await this.#check(this.#stopper.signal);
      const { count = 1, there = [] } = plan.parts ?? {};
      this.done = Math.floor((this.size * there.length) / count);
      this.#become("wanted", { keptUntil: plan.kept_until });
    } catch (error) {
      if (error instanceof Problem && !error.passes) this.#vanish();
      else this.#fail(error);
    }
  }

  /** Gives it the file that was chosen again; false if that is another one. */
  async take(file) {
    if (file.size !== this.size || (await headOf(file, this.#page.worker)) !== this.head) return false;
    this.file = file;
    this.go();
    return true;
  }

  goOnAnyway() {
    this.#isAnotherOne = true;
    return this.go();
  }

  pause() {
    this.#stop();
    this.#become("paused");
  }

  /** The draft goes too; what is uploaded of it is deleted. */
  async giveUp() {
    this.#stop();
    const { job } = this;
    this.#vanish();
    if (job) await call("DELETE", `/jobs/${job}`).catch((error) => this.#tolerate(error));
  }

  /** Throws a Problem where the name is none that the server takes. */
  rename(name) {
    this.name = name.trim();
    if (!this.job) return Promise.resolve();
    this.#remember();
    this.#naming = call("PATCH", `/jobs/${this.job}`, { name: this.name || null });
    return this.#naming;
  }

  async useGenome(genome) {
    try {
      await call("PATCH", `/jobs/${this.job}`, { genome });
      this.genome = genome;
      this.#remember();
      await this.check();
    } catch (error) {
      this.#fail(error);
    }
  }

  check() {
    return this.#check(this.#stopper.signal).catch((error) => this.#fail(error));
  }

  async submit() {
    const { report, verdict } = this;
    this.#become("submitting");
    try {
      await this.#naming;
      await call("POST", `/jobs/${this.job}/submit`);
      this.#page.remembered.forget(this.job);
      this.#become("submitted");
    } catch (error) {
      this.#become("checked", { report, verdict, sentence: error.message });
    }
  }

  #isFit() {
    const { maxBytes } = this.#page;
    if (this.size > maxBytes) this.#become("failed", { reason: "large" });
    else if (this.size === 0) this.#become("failed", { sentence: "This file is empty." });
    else return true;
    return false;
  }

  async #read(signal) {
    this.#become("reading");
    const { worker } = this.#page;
    this.head = await headOf(this.file, worker);
    this.sha256 = await sha256Of(this.file, worker, { signal, onProgress: (done) => this.#measure(done) });
  }

  async #isNew(signal) {
    if (this.#isAnotherOne) return true;
    const query = new URLSearchParams({ sha256: this.sha256, limit: 20 });
    const { jobs } = await call("GET", `/jobs?${query}`, undefined, { signal });
    this.twin = jobs.find(({ status }) => status !== "DRAFT") ?? null;
    if (this.twin) this.#become("known");
    return !this.twin;
  }

  async #draft(signal) {
    const body = {
      file_name: this.fileName,
      genome: this.genome,
      size: this.size,
      sha256: this.sha256,
      name: this.name || null,
    };
    const headers = { "Idempotency-Key": this.#key };
    const { job } = await call("POST", "/jobs", body, { headers, signal });
    this.job = job.id;
    await claim(this.job);
    this.#remember();
  }

  async #send(signal) {
    this.#become("sending");
    this.speed = new Speed();
    await sendFile(this.job, this.file, {
      signal,
      onProgress: (done) => this.#measure(done),
      onTrouble: (seconds) => {
        this.trouble = seconds;
        this.onMeasure(true);
      },
    });
  }

  async #check(signal) {
    this.#become("checking");
    const report = await checking.take(() => fragment(`/jobs/${this.job}/uploaded`, { signal }), signal);
    const verdict = /data-verdict="(\w+)"/.exec(report)[1];
    this.#become("checked", { report, verdict });
  }

  #fail(error) {
    const passes = !(error instanceof Problem) || error.passes;
    this.#become(passes ? "broken" : "failed", { sentence: error.message });
  }

  #tolerate(error) {
    if (error.code !== "job_not_found") this.#fail(error);
  }

  #vanish() {
    if (this.job) this.#page.remembered.forget(this.job);
    this.#become("gone");
  }

  #stop() {
    this.#stopper.abort(new DOMException("stopped by the user", "AbortError"));
  }

  #remember() {
    const { job, fileName, size, head, sha256, name, genome } = this;
    this.#page.remembered.put({ job, file: { name: fileName, size }, head, sha256, name, genome });
  }

  #measure(done) {
    this.done = done;
    this.trouble = 0;
    this.speed.note(done);
    this.onMeasure();
  }

  #become(state, known = {}) {
    Object.assign(this, { sentence: "", report: "", verdict: null, trouble: 0 }, known, { state });
    this.onChange();
  }
}
