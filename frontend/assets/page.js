// What the pages share: calls of the REST interface, the notice, and elements.

export const API = "/api/v1";

export const byId = (id) => document.getElementById(id);
export const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const notice = byId("notice");

export function say(sentence, isAlarm = false) {
  notice.textContent = sentence;
  notice.hidden = !sentence;
  notice.classList.toggle("alarm", isAlarm);
}

/** A call of the REST interface; throws an Error with the problem document's sentence. */
export async function call(method, path, body) {
  const response = await fetch(API + path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (response.status === 401) {
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    throw new Error("Your session has ended.");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Error(answer?.detail ?? `The server answered ${response.status}.`);
  }
  return answer;
}

/** Runs an action and shows what went wrong; the control is out of use meanwhile. */
export async function attempt(control, action) {
  control.disabled = true;
  try {
    await action();
  } catch (error) {
    say(error.message, true);
  } finally {
    control.disabled = false;
  }
}

/** An element with text or elements in it; text is never taken for HTML. */
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}
