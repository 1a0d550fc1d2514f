// The report of a check, as elements. Everything in it is text: it speaks of untrusted files.

import { element } from "./page.js";

const VERDICTS = {
  ok: "This file can be annotated.",
  ok_with_warnings: "This file can be annotated; please read the warnings.",
  refused: "This file cannot be annotated as it is.",
};
const SHOWN_NAMES = 8;

const number = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const UNITS = ["kilobyte", "megabyte", "gigabyte"];

const plural = (count, word) => `${number.format(count)} ${word}${count === 1 ? "" : "s"}`;

function sized(bytes) {
  if (bytes < 1000) return plural(bytes, "byte");
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  const style = { style: "unit", unit: UNITS[power - 1], maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(undefined, style).format(bytes / 1000 ** power);
}

function listed(names, total = names.length) {
  const shown = names.slice(0, SHOWN_NAMES).join(", ");
  return total > SHOWN_NAMES ? `${shown}, …` : shown;
}

function contig({ name, reference_name: known }) {
  if (known === null) return `${name} (unknown)`;
  return known === name ? name : `${name} (= ${known})`;
}

function fit(genome, chosen) {
  const parts = [
    genome.match_rate === null
      ? "no REF could be compared"
      : `${percent.format(genome.match_rate)} of ${plural(genome.compared, "sampled REF")} agree`,
  ];
  if (genome.lengths_differing.length) {
    parts.push(`other lengths: ${genome.lengths_differing.join(", ")}`);
  }
  const name = `${genome.name} (${genome.build})`;
  return `${genome.name === chosen ? name : `${name}, for comparison`}: ${parts.join("; ")}`;
}

/** What there is to know, as [name, text or list of texts]; what is not known is left out. */
function facts(report) {
  const { records, samples, coverage } = report;
  const size = sized(coverage.bytes_total);
  const kind = report.vcf_version && `VCF ${report.vcf_version}`;
  const known = [["File", [kind, report.form, size].filter(Boolean).join(", ")]];
  if (report.form) {
    known.push(["Records", `${records.exact ? "" : "about "}${number.format(records.count)}`]);
    const names = `${number.format(samples.count)}: ${listed(samples.names, samples.count)}`;
    known.push(["Samples", samples.count ? names : "none"]);
  }
  if (report.contigs.length) known.push(["Chromosomes", listed(report.contigs.map(contig))]);
  if (report.genomes.length) {
    known.push(["Genome", report.genomes.map((genome) => fit(genome, report.genome))]);
  }
  if (report.is_sorted !== null) known.push(["Sorted", report.is_sorted ? "yes" : "no; the result will be"]);
  const passed = Object.entries(report.passed_through);
  if (passed.length) {
    known.push([
      "Stays unannotated",
      passed.map(([reason, count]) => `${number.format(count)} × ${reason.replaceAll("_", " ")}`),
    ]);
  }
  if (!coverage.complete) known.push(["Looked at", coverage.sentence]);
  return known;
}

function definitions(report) {
  const list = element("dl", { class: "facts" });
  for (const [name, value] of facts(report)) {
    list.append(element("dt", {}, name));
    for (const text of [value].flat()) list.append(element("dd", {}, text));
  }
  return list;
}

function placed({ line, near_byte: byte }) {
  return line === null ? `near byte ${number.format(byte)}` : number.format(line);
}

function problemTable({ total, shown }) {
  const head = element(
    "tr",
    {},
    ...["Line", "Column", "What is wrong"].map((name) => element("th", { scope: "col" }, name)),
  );
  const rows = shown.map(({ place, column, message }) =>
    element(
      "tr",
      {},
      element("td", {}, placed(place)),
      element("td", {}, column === null ? "" : String(column)),
      element("td", {}, message),
    ),
  );
  const more = total > shown.length ? `; the first ${shown.length} of them` : "";
  return element(
    "table",
    {},
    element("caption", {}, `${plural(total, "line")} with a problem${more}`),
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  );
}

/** The elements of a report, the verdict first. */
export function reportOf(report) {
  const refused = report.verdict === "refused";
  const parts = [
    element("p", { class: refused ? "verdict alarm" : "verdict" }, VERDICTS[report.verdict]),
  ];
  if (refused) {
    const { message, code } = report.refusal;
    parts.push(element("p", {}, `${message} `, element("code", {}, code)));
  }
  const remarks = [
    ...report.warnings.map((text) => element("li", {}, element("strong", {}, "Warning: "), text)),
    ...report.notes.map((text) => element("li", {}, text)),
  ];
  if (remarks.length) parts.push(element("ul", {}, ...remarks));
  parts.push(definitions(report));
  if (report.problems.total) parts.push(problemTable(report.problems));
  return parts;
}
