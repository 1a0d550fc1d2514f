// The genome view: igv.js over range requests, of the reference to us and of the result to the store.
// Nothing is asked of anybody else, and nothing that stands in a VCF becomes markup: igv.js would
// show what was clicked by innerHTML, so what was clicked is shown by ourselves, as text.

import igv from "igv/dist/igv.esm.js";
import { showChosen } from "./lib/chosen_place.js";
import { resultFiles } from "./lib/result_files.js";

const GENES_WITHIN = 10_000_000; // bases, seen at once
const SEVEREST_FIRST = ["HIGH", "MODERATE", "LOW", "MODIFIER"];
const COLOURS = { HIGH: "#b3261e", MODERATE: "#c77700", LOW: "#1c6b46", MODIFIER: "#6b7785" };

const place = document.getElementById("genome");
const view = JSON.parse(place.dataset.view);
const files = resultFiles(view.files);

function colourOf(variant) {
  const impacts = String(variant.info?.IMPACT ?? "").split(","); // one for each alternate allele
  return COLOURS[SEVEREST_FIRST.find((impact) => impacts.includes(impact))] ?? COLOURS.MODIFIER;
}

function genesWithin({ chr, start, end }) {
  const region = { contig: chr, start: Math.max(0, Math.floor(start)), end: Math.ceil(end) };
  return `${view.reference}/genes?${new URLSearchParams(region)}`;
}

const TRACKS = [
  {
    name: "Genes",
    type: "annotation",
    sourceType: "custom",
    source: { url: genesWithin },
    searchable: false, // `search` below knows all genes, not only those that were seen
    visibilityWindow: GENES_WITHIN,
    displayMode: "EXPANDED",
    height: 90,
    color: "#0a6270",
    order: 1,
  },
  {
    name: "Variants",
    type: "variant",
    format: "vcf",
    url: () => files.address("annotated.vcf.gz"),
    indexURL: () => files.address("annotated.vcf.gz.tbi"),
    visibilityWindow: view.window,
    displayMode: "EXPANDED",
    height: 260,
    color: colourOf,
    order: 2,
  },
];

const CONFIG = {
  loadDefaultGenomes: false, // they are on igv.org
  reference: {
    id: view.genome,
    name: view.genome,
    fastaURL: view.sequence.fasta,
    indexURL: view.sequence.fai,
    compressedIndexURL: view.sequence.gzi,
    aliasURL: `${view.reference}/aliases`,
    wholeGenomeView: false,
  },
  search: { url: `${view.reference}/search?name=$FEATURE$` },
  locus: view.locus,
  tracks: TRACKS,
  showSVGButton: false,
  showSampleNames: matchMedia("(min-width: 45rem)").matches, // they take half of a small screen
};

/** The address of the page says where one is, so that it can be kept and shared. */
function rememberLocus(browser) {
  browser.on("locuschange", () => {
    const address = new URL(location.href);
    address.searchParams.set("locus", [browser.currentLoci()].flat().join(" "));
    history.replaceState(history.state, "", address);
  });
}

function showWhatIsClicked(browser) {
  const tracks = browser.findTracks((track) => TRACKS.some(({ name }) => name === track.name));
  for (const track of tracks) {
    track.popupData = (click, features) => {
      showChosen(features ?? track.clickedFeatures(click), view.variants);
      return []; // nothing for igv.js to show
    };
  }
}

/** igv.js draws on white and begins with `all: initial`, which brings the dark scheme back in. */
function stayLight() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".igv-container { color-scheme: light; color: #17212b; }");
  place.shadowRoot.adoptedStyleSheets.push(sheet);
}

/** What igv.js leaves without a name. */
function nameControls() {
  place.shadowRoot.querySelector("input[type=range]")?.setAttribute("aria-label", "Zoom");
  place.shadowRoot.querySelector(".igv-search-input")?.setAttribute("aria-label", "Place in the genome");
}

const message = document.getElementById("genome-message");
try {
  const browser = await igv.createBrowser(place, CONFIG);
  stayLight();
  nameControls();
  showWhatIsClicked(browser);
  rememberLocus(browser);
  message.hidden = true;
  place.dataset.ready = "";
} catch (error) {
  message.textContent = `The genome view could not start: ${error.message ?? error}`;
  message.classList.add("alarm");
  message.hidden = false;
}
