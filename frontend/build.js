// Makes dist/ from assets/: every module at the top of assets/ is one that a page loads, with all
// that it imports. Small, and with names that stay.

import { cp, readdir, rename, rm } from "node:fs/promises";
import { build } from "esbuild";
import { igvUnderPolicy } from "./igv-csp.js";

const SOURCE = "assets";
const TARGET = "dist";
const MAKING = `${TARGET}.${process.pid}`; // a server may be reading the one that is there

const entries = (await readdir(SOURCE)).filter((name) => /\.(js|css)$/.test(name));
await build({
  entryPoints: entries.map((name) => `${SOURCE}/${name}`),
  outdir: MAKING,
  bundle: true,
  format: "esm",
  minify: true,
  plugins: [igvUnderPolicy],
  target: ["es2022", "chrome123", "firefox120", "safari17.5"], // those that know light-dark()
  legalComments: "linked",
  logLevel: "warning",
});
await cp(`${SOURCE}/favicon.svg`, `${MAKING}/favicon.svg`);
await rm(TARGET, { recursive: true, force: true });
await rename(MAKING, TARGET);
