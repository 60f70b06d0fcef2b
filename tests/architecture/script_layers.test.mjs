// SPDX-License-Identifier: Apache-2.0
// Who may import whom in TypeScript and JavaScript.
import { posix } from "node:path";
import { rule } from "./rule.mjs";
import { codeOf, scriptEndings } from "./tree.mjs";

function importsIn(tree, folder) {
  return tree.paths(folder, scriptEndings).flatMap((path) =>
    [...codeOf(tree.read(path)).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g)].map(([, name]) => ({
      path, name, target: name.startsWith(".") ? posix.join(posix.dirname(path), name) : name,
    })));
}

const complainOf = (folder, forbidden) => (tree) =>
  importsIn(tree, folder).filter(forbidden).map(({ path, name }) => `${path} imports ${name}`);

const api = "js-bindings/src/";
const isTop = (path) => path.startsWith(api) && !path.slice(api.length).includes("/");
const dom = /\b(document|window|HTMLElement|customElements|localStorage|sessionStorage|indexedDB|navigator|location|ShadowRoot|XMLHttpRequest)\b\s*[.([<]/;

rule("the API of the package touches no DOM",
  (tree) => tree.paths(api, [".ts"]).filter((path) => isTop(path) || path.startsWith(`${api}wasm/`)).flatMap((path) => {
    const found = codeOf(tree.read(path)).match(dom);
    return found && !path.endsWith("/no-dom.ts") ? [`${path} says ${found[0]}`] : [];
  }),
  [{ [`${api}x.ts`]: 'document.title = "";\n' }, { [`${api}wasm/x.ts`]: "navigator.clipboard;\n" }]);

rule("the API reaches the module through wasm/call.ts and wasm/loader.ts alone, and no element",
  complainOf(api, ({ path, target }) => isTop(path) && (target.startsWith(`${api}elements/`) || target.startsWith("lit") ||
    (target.startsWith(`${api}wasm/`) && !/\/(call|loader)\.js$/.test(target)))),
  [{ [`${api}x.ts`]: 'import { raw } from "./wasm/raw.js";\n' }, { [`${api}x.ts`]: 'import { html } from "lit";\n' }]);

rule("only wasm/call.ts throws what the module answers",
  (tree) => tree.paths(api, [".ts"]).filter((path) => /\bthrow new CountersignError\b/.test(codeOf(tree.read(path))) && path.startsWith(`${api}wasm/`) && !path.endsWith("/call.ts"))
    .map((path) => `${path} throws`),
  [{ [`${api}wasm/raw.ts`]: "throw new CountersignError();\n" }]);

rule("elements import the package's public modules, never its inside",
  complainOf(`${api}elements/`, ({ target }) => target.startsWith(api) && !target.startsWith(`${api}elements/`) && target !== `${api}index.js` && target !== `${api}policy.js`),
  [{ [`${api}elements/enroll/x.ts`]: 'import { call } from "../../wasm/call.js";\n' },
    { [`${api}elements/enroll/x.ts`]: 'import { qr } from "../../qr.js";\n' }]);

rule("define files alone register elements",
  (tree) => tree.paths(`${api}elements/`, [".ts"]).filter((path) => /customElements\s*\.\s*define|@customElement/.test(codeOf(tree.read(path))) && !path.endsWith("/define.ts"))
    .map((path) => `${path} registers an element`),
  [{ [`${api}elements/enroll/x.ts`]: 'customElements.define("x-y", X);\n' }]);

rule("the demo uses the package by its name",
  complainOf("demo-site/", ({ target }) => /js-bindings|^\.\./.test(target) || target.startsWith("server/") || target.startsWith("core/")),
  [{ "demo-site/x.mjs": 'import { loadCore } from "../js-bindings/dist/index.js";\n' }]);

rule("nothing in the package or the demo loads code from elsewhere",
  (tree) => [...tree.paths(api), ...tree.paths("demo-site/")].filter((path) => /\.(ts|mjs|js|html|css)$/.test(path)).flatMap((path) => {
    const found = codeOf(tree.read(path)).match(/(?:import|from|src=|href=|@import|url\()\s*\(?["']?https?:\/\/[^"')\s]+/);
    return found ? [`${path} loads ${found[0]}`] : [];
  }),
  [{ "demo-site/x.html": '<script src="https://cdn.example/x.js"></script>\n' }, { [`${api}x.ts`]: 'await import("https://cdn.example/x.js");\n' }]);

rule("no script makes code from text",
  (tree) => [...tree.paths(api), ...tree.paths("demo-site/")].filter((path) => /\.(ts|mjs|js)$/.test(path)).flatMap((path) => {
    const found = codeOf(tree.read(path)).match(/\beval\s*\(|\bnew Function\b|\binnerHTML\s*=|\bunsafeHTML\b|\bunsafeSVG\b/);
    return found ? [`${path} says ${found[0]}`] : [];
  }),
  [{ "demo-site/x.mjs": 'eval("1");\n' }, { [`${api}elements/x.ts`]: "this.innerHTML = text;\n" }]);
