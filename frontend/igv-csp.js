// An esbuild plugin: igv.js under a Content-Security-Policy without 'unsafe-inline'.
//
// igv.js keeps its own style in a constructed sheet, which the policy allows. Two libraries inside
// of it make <style> elements, and some of its menus have style="" in their markup: browsers refuse
// both. Here the elements become constructed sheets too, and the attributes go. Each rewriting says
// how often it must be found, so that another version of igv.js cannot slip through half done.
// One mistake of igv.js is mended on the way.

import { readFile } from "node:fs/promises";

const SHEET = "const sheet = new CSSStyleSheet(); document.adoptedStyleSheets.push(sheet);";

const REWRITINGS = [
  {
    what: "the colour picker's <style>",
    times: 1,
    find: /var style = document\.createElement\('style'\);\s*style\.textContent = ([^\n]+);\s*document\.documentElement\.firstElementChild\.appendChild\(style\);\s*Picker\.StyleElement = style;/g,
    put: (_whole, css) => `${SHEET} sheet.replaceSync(${css});`,
  },
  {
    what: "the circular view's <style>",
    times: 1,
    find: /const style = document\.createElement\('style'\);\s*style\.setAttribute\('type', 'text\/css'\);\s*style\.innerHTML = css;\s*document\.head\.insertBefore\(style, [^\n]+\);/g,
    put: () => `${SHEET} sheet.replaceSync(css);`,
  },
  {
    what: "style attributes in markup",
    times: 16,
    find: /(<(?:hr|span|rect)\b[^<>\n]*?) style="[^"\n]*"/g,
    put: (_whole, before) => before,
  },
  {
    what: "an alert's message taken for markup", // it quotes what was typed, and what servers said
    times: 1,
    find: /this\.body\.innerHTML = purify_default\.sanitize\(string\)\.replaceAll\('\\n', '<br>'\);/g,
    put: () => 'this.body.textContent = String(string).replaceAll(/<\\/?b>/g, "");',
  },
  {
    // -1 stands for the end of the file. Without it nothing is read, and a sequence of a single
    // block, as that of rCRS, is never drawn.
    what: "the last block of a compressed sequence",
    times: 1,
    find: /return \[highestBlockNumber\]/g,
    put: () => "return [highestBlockNumber, -1]",
  },
];

export const igvUnderPolicy = {
  name: "igv-under-policy",
  setup(build) {
    build.onLoad({ filter: /node_modules\/igv\/dist\/igv\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const { what, times, find, put } of REWRITINGS) {
        const found = [...contents.matchAll(find)].length;
        if (found !== times) {
          throw new Error(`igv.js has changed: ${what} found ${found} times, not ${times}`);
        }
        contents = contents.replace(find, put);
      }
      return { contents, loader: "js" };
    });
  },
};
