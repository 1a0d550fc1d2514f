// SHA-256 of files, by a worker.

const HEAD_BYTES = 1024 ** 2;

/** In hex; `onProgress` is told the bytes read so far. The worker's address is `worker`. */
export function sha256Of(file, worker, { onProgress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const reader = new Worker(worker, { type: "module" });
    const end = (settle, value) => {
      reader.terminate();
      signal?.removeEventListener("abort", stop);
      settle(value);
    };
    const stop = () => end(reject, signal.reason);
    signal?.addEventListener("abort", stop);
    reader.addEventListener("error", () => end(reject, new Error("The page's worker did not start.")));
    reader.addEventListener("message", ({ data }) => {
      if (data.sha256) end(resolve, data.sha256);
      else if (data.error) end(reject, new Error("This file cannot be read. Was it moved or changed?"));
      else onProgress(data.done);
    });
    reader.postMessage({ file });
  });
}

/** Of the file's first MiB: enough to know a file again by, together with its size and name. */
export const headOf = (file, worker) => sha256Of(file.slice(0, HEAD_BYTES), worker);
