// Trying again, and taking turns.

const PAUSES_S = [1, 2, 4, 8, 16, 30];

/**
 * The result of an action that may fail for a while: networks break off, servers restart.
 *
 * `mayPass(error)` says whether to try again; `onTrouble(seconds)` is told before each pause, and
 * `onTrouble(0)` when it goes on. While the browser is offline no try is used up.
 */
export async function patiently(action, { mayPass, onTrouble = () => {}, signal }) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error) || tries >= PAUSES_S.length) throw error;
      onTrouble(PAUSES_S[tries]);
      if (!navigator.onLine) tries = -1;
      await pause(PAUSES_S[Math.max(0, tries)] * (0.75 + Math.random() / 2), signal);
      onTrouble(0);
    }
  }
}

/** Ends sooner when the network comes back. */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const ended = (settle) => () => {
      clearTimeout(timer);
      removeEventListener("online", goOn);
      signal?.removeEventListener("abort", stop);
      settle();
    };
    const goOn = ended(resolve);
    const stop = ended(() => reject(signal.reason));
    const timer = setTimeout(goOn, seconds * 1_000);
    addEventListener("online", goOn);
    signal?.addEventListener("abort", stop);
  });
}

/** Lets so many run at a time; the others wait in line, and may leave it. */
export class Turns {
  #free;
  #line = [];

  constructor(places) {
    this.#free = places;
  }

  async take(action, signal) {
    await this.#place(signal);
    try {
      return await action();
    } finally {
      const next = this.#line.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #place(signal) {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#line.splice(this.#line.indexOf(go), 1);
        reject(signal.reason);
      };
      this.#line.push(go);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
