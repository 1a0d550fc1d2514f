// What was clicked in the genome view, beneath it, with a way to the table of variants.

const box = document.getElementById("chosen");

function line(...content) {
  const item = document.createElement("li");
  item.append(...content);
  return item;
}

function inTable(variants, region, words) {
  const link = document.createElement("a");
  link.href = `${variants}?${new URLSearchParams({ region })}`;
  link.textContent = words;
  return link;
}

function ofVariant(variant, variants) {
  const { chr, pos, referenceBases, alternateBases, filter } = variant;
  const consequence = variant.info?.CONSEQUENCE;
  const gene = variant.info?.GENE;
  const what = document.createElement("strong");
  what.textContent = `${chr}:${pos.toLocaleString()} ${referenceBases} → ${alternateBases}`;
  const said = [consequence?.replaceAll("_", " "), gene, filter].filter((text) => text && text !== ".");
  return line(what, ` ${said.join(", ")} `, inTable(variants, `${chr}:${pos}-${pos}`, "Show in the table"));
}

function ofGene(gene, variants) {
  const what = document.createElement("strong");
  what.textContent = gene.name;
  const region = `${gene.chr}:${gene.start + 1}-${gene.end}`;
  return line(
    what,
    ` ${gene.id}, ${gene.biotype.replaceAll("_", " ")}, ${gene.transcript} `,
    inTable(variants, region, "Its variants in the table"),
  );
}

/** `features` are igv.js's, of its variants or of our genes; all of them is shown as text. */
export function showChosen(features, variants) {
  const real = new Set(features.map((feature) => feature._f ?? feature._variant ?? feature));
  const lines = [...real].map((feature) => {
    if (feature.referenceBases !== undefined) return ofVariant(feature, variants);
    return feature.biotype === undefined ? null : ofGene(feature, variants);
  });
  const shown = lines.filter(Boolean);
  if (shown.length) box.replaceChildren(...shown);
}
