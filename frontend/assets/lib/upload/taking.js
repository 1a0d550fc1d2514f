// The ways in which files come to the page: chosen, dropped anywhere, or pasted.

const byId = (id) => document.getElementById(id);
const PASTED_NAME = "pasted.vcf";
const VCF_BEGINS = "##fileformat=";

/** Calls `take` with a list of files each time that some come. */
export function whenFilesCome(take) {
  const input = byId("files");
  byId("choose").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // the same file may be chosen again
    take(files);
  });
  whenDropped(take);
  whenPasted(take);
}

/** All of the page takes files: one that misses the place must not open instead of the page. */
function whenDropped(take) {
  const here = byId("drop-here");
  const brings = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  let depth = 0; // enter and leave come for every element under the pointer
  const show = (by) => {
    depth = Math.max(0, depth + by);
    here.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => brings(event) && show(1));
  addEventListener("dragleave", (event) => brings(event) && show(-1));
  addEventListener("dragover", (event) => brings(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    show(-depth);
    take([...event.dataTransfer.files]);
  });
}

function whenPasted(take) {
  const [text, error, dialog] = [byId("pasted"), byId("paste-error"), byId("paste")];
  byId("use-pasted").addEventListener("click", () => {
    if (!text.value.trim()) {
      error.textContent = "There is no text yet.";
      text.focus();
      return;
    }
    take([fileOf(text.value)]);
    text.value = error.textContent = "";
    dialog.close();
  });
  addEventListener("paste", (event) => {
    if (event.target.closest?.("input, textarea, dialog")) return;
    const files = [...event.clipboardData.files];
    const pasted = event.clipboardData.getData("text/plain");
    if (files.length) take(files);
    else if (pasted.startsWith(VCF_BEGINS)) take([fileOf(pasted)]);
  });
}

const fileOf = (text) => new File([text.endsWith("\n") ? text : `${text}\n`], PASTED_NAME);
