// Calls of the REST interface by the session's cookie.

const API = "/api/v1";

/** A refusal: its sentence is the message; `status` is 0 where there was no answer at all. */
export class Problem extends Error {
  constructor(sentence, status, code) {
    super(sentence);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status === 401 || this.status === 429 || this.status >= 500;
  }
}

/** The answer's body, null where it has none. Throws a Problem. */
export async function call(method, path, body, { headers = {}, signal } = {}) {
  const options = { method, signal, headers: { ...headers } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await reached(API + path, options);
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, answer);
  return answer;
}

/** A part of a page, as text of HTML that the server made. Throws a Problem. */
export async function fragment(path, { signal } = {}) {
  const headers = { "HX-Request": "true", Accept: "text/html" };
  const response = await reached(path, { headers, signal });
  if (!response.ok || response.redirected) throw problemOf(response.status, null);
  return response.text();
}

async function reached(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new Problem("GAS cannot be reached. Is the network there?", 0, "unreachable");
  }
}

function problemOf(status, answer) {
  const sentence =
    status === 401
      ? "Your session has ended. Please sign in again in another tab, then go on here."
      : (answer?.detail ?? `The server answered ${status}.`);
  return new Problem(sentence, status, answer?.code);
}
