// Views of variants under names of one's own. The view itself is the query of its address; only the
// names are kept, in this browser.

const KEY = "gas.views";
const MOST = 50;

const menu = document.getElementById("saved-views");

function read() {
  try {
    const views = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(views) ? views.filter(({ name, query }) => name && typeof query === "string") : [];
  } catch {
    return []; // storage that is switched off, or holds something else, has no views
  }
}

function write(views) {
  localStorage.setItem(KEY, JSON.stringify(views.slice(0, MOST)));
  showSavedViews();
}

function item({ name, query }) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = query ? `${menu.dataset.base}?${query}` : menu.dataset.base;
  link.textContent = name;
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "plain";
  forget.textContent = "Forget";
  forget.setAttribute("aria-label", `Forget ${name}`);
  forget.addEventListener("click", () => write(read().filter((view) => view.name !== name)));
  line.append(link, forget);
  return line;
}

/** Lists what is kept; the menu shows itself only where it works. */
export function showSavedViews() {
  menu.querySelector(".saved-list").replaceChildren(...read().map(item));
  menu.hidden = false;
}

menu.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = menu.querySelector("input");
  const name = field.value.trim();
  if (!name) return;
  const here = new URL(location.href).searchParams;
  here.delete("page");
  write([{ name, query: here.toString() }, ...read().filter((view) => view.name !== name)]);
  field.value = "";
});
