// Uploads that are not submitted yet, as this browser remembers them over a reload. No content of
// a file is among it. What is kept: {job, file: {name, size, modified}, head, sha256, name, genome}.

export class Remembered {
  /** Of one user: others may use the same browser. */
  constructor(user) {
    this.key = `gas-uploads-${user}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return []; // written by something else, or storage is forbidden
    }
  }

  put(entry) {
    this.#write([...this.all().filter(({ job }) => job !== entry.job), entry]);
  }

  forget(job) {
    this.#write(this.all().filter((entry) => entry.job !== job));
  }

  #write(entries) {
    try {
      localStorage.setItem(this.key, JSON.stringify(entries));
    } catch {
      // Storage is full or forbidden: the upload works all the same, but not over a reload.
    }
  }
}

/** Whether this tab may go on with an upload: false while another one has it. */
export function claim(job) {
  if (!navigator.locks) return Promise.resolve(true); // browsers have them on https and localhost only
  return new Promise((resolve) => {
    navigator.locks.request(`gas-upload-${job}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {}); // held as long as the page is there
    });
  });
}
