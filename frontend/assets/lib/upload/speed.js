// How fast bytes go, over the last seconds.

const WINDOW_MS = 8_000;
const ENOUGH_MS = 1_000;

export class Speed {
  #samples = [];

  /** `bytes` are there now. */
  note(bytes, now = performance.now()) {
    if (bytes < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = []; // a part broke off
    this.#samples.push({ bytes, now });
    while (now - this.#samples[0].now > WINDOW_MS) this.#samples.shift();
  }

  /** Bytes a second, null while that cannot be told. */
  get perSecond() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || last.now - first.now < ENOUGH_MS || last.bytes === first.bytes) return null;
    return ((last.bytes - first.bytes) / (last.now - first.now)) * 1_000;
  }
}
