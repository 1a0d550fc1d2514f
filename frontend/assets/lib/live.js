// Parts of a page that ask for themselves anew, and change under the hands of who uses them.

import { Idiomorph } from "idiomorph/htmx";

const TYPED = new Set(["checked", "value"]);

// What somebody opened, ticked or typed stays as it is: an answer says nothing of it. Menus all do;
// fields where an element has data-keep, and within an opened menu that has it.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => {
  if (name === "open") return !(element instanceof HTMLDetailsElement);
  return !TYPED.has(name) || !(element.matches("[data-keep]") || element.closest("details[data-keep][open]"));
};

// Nobody looks at a hidden tab. When it comes to the front again, "gas:visible" catches up.
document.addEventListener("htmx:beforeRequest", (event) => {
  const isPoll = event.target.getAttribute("hx-trigger")?.startsWith("every");
  if (isPoll && document.hidden) event.preventDefault();
});
