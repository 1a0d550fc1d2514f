// A file on its way to the store: by a form in one piece, or in parts, some at a time.

import { call, Problem } from "../rest.js";
import { patiently } from "./patience.js";

const PARTS_AT_A_TIME = 3;
const ADDRESSES_AT_A_TIME = 24;
const SILENCE_MS = 60_000;
const FORBIDDEN = 403; // also what the store says of an address that has expired

/** Uploads a draft's file, or what is missing of it. `onProgress` is told the bytes that are there. */
export async function sendFile(job, file, watch) {
  const path = `/jobs/${job}/upload`;
  const size = { size: file.size };
  const { signal } = watch;
  const persist = (action) => patiently(action, { mayPass, ...watch });
  const plan = await persist(() => call("POST", path, size, { signal }));
  if (plan.done) return;
  if (plan.form) {
    let { form } = plan;
    await persist(async () => {
      form ??= (await call("POST", path, size, { signal })).form;
      const thisOne = form;
      form = null; // one that did not work may have expired
      await sendForm(thisOne, file, watch);
    });
    return;
  }
  await sendParts(path, file, plan.parts, persist, watch);
  await persist(() => call("POST", `${path}/complete`, size, { signal }));
}

const mayPass = (error) => error instanceof Problem && error.passes;

async function sendForm({ url, fields }, file, watch) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", file); // the store wants it last
  await send("POST", url, data, watch.signal, (sent) => watch.onProgress(Math.min(sent, file.size)));
}

async function sendParts(path, file, { part_bytes: partBytes, count, there }, persist, watch) {
  const sizeOf = (number) => Math.min(partBytes, file.size - (number - 1) * partBytes);
  const missing = new Set(Array.from({ length: count }, (_, index) => index + 1));
  const sent = new Map(); // bytes by number, of parts on their way too
  const tell = () => watch.onProgress([...sent.values()].reduce((sum, bytes) => sum + bytes, 0));
  for (const number of there) {
    missing.delete(number);
    sent.set(number, sizeOf(number));
  }
  tell();
  const addresses = new Addresses(path, file.size, missing, watch.signal);

  async function sendPart(number) {
    const start = (number - 1) * partBytes;
    const part = file.slice(start, start + sizeOf(number));
    try {
      await send("PUT", await addresses.of(number), part, watch.signal, (bytes) => {
        sent.set(number, bytes);
        tell();
      });
    } catch (error) {
      sent.delete(number);
      addresses.drop(number);
      throw error;
    }
    sent.set(number, part.size);
    tell();
  }

  const queue = [...missing];
  const lane = async () => {
    for (let number = queue.shift(); number; number = queue.shift()) {
      await persist(() => sendPart(number));
      missing.delete(number);
    }
  };
  const lanes = Array.from({ length: PARTS_AT_A_TIME }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    queue.length = 0; // what is on its way may arrive, but no more is begun
    throw error;
  }
}

/** Where parts go. Addresses are asked for some at a time, and anew where one did not work. */
class Addresses {
  #known = new Map();

  constructor(path, size, missing, signal) {
    Object.assign(this, { path, size, missing, signal });
  }

  async of(number) {
    if (!this.#known.has(number)) this.#ask(number);
    return (await this.#known.get(number)).get(number);
  }

  drop(number) {
    this.#known.delete(number);
  }

  #ask(number) {
    const others = [...this.missing].filter((other) => other > number && !this.#known.has(other));
    const numbers = [number, ...others.slice(0, ADDRESSES_AT_A_TIME - 1)];
    const asked = call("POST", `${this.path}/parts`, { size: this.size, numbers }, { signal: this.signal }).then(
      ({ parts }) => new Map(parts.map((part) => [part.number, part.url])),
    );
    asked.catch(() => numbers.forEach((one) => this.drop(one)));
    numbers.forEach((one) => this.#known.set(one, asked));
  }
}

/** One request to the store. XMLHttpRequest, because fetch does not tell how much was sent. */
function send(method, url, body, signal, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence;
    const stop = () => request.abort();
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
    };
    const end = (settle, value) => {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
      settle(value);
    };
    const broken = () => end(reject, signal.aborted ? signal.reason : brokenOff(url));
    request.addEventListener("error", broken);
    request.addEventListener("abort", broken);
    request.addEventListener("load", () =>
      request.status < 300 ? end(resolve) : end(reject, refused(request.status)),
    );
    request.upload.addEventListener("progress", ({ loaded }) => {
      listen();
      onProgress(loaded);
    });
    request.open(method, url);
    if (signal.aborted) return broken();
    signal.addEventListener("abort", stop);
    listen();
    request.send(body);
  });
}

const brokenOff = (url) =>
  new Problem(`The upload broke off: the file store at ${new URL(url).origin} cannot be reached.`, 0, "unreachable");

function refused(status) {
  const again = status === FORBIDDEN || status >= 500;
  return new Problem(`The file store refused the upload (${status}).`, again ? 503 : status, "store_refused");
}
