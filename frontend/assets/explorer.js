// The explorer of variants: one variant beside the table, menus that close, views kept by name.

import { showSavedViews } from "./lib/saved_views.js";

const dialog = document.getElementById("variant");

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "variant-body") {
    if (!dialog.open) dialog.showModal();
    dialog.scrollTo({ top: 0 });
    document.getElementById("variant-heading").focus();
  }
  if (detail.target.id === "filters") document.getElementById("matching")?.scrollIntoView({ block: "nearest" });
  showSavedViews();
});

// A press on what lies behind the dialog closes it.
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

showSavedViews();
