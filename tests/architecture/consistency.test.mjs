// SPDX-License-Identifier: Apache-2.0
// What is said in two places is said alike: the version, error codes, routes, suites.
import { rule } from "./rule.mjs";

const CORE_TABLE = "core/src/error.cpp";
const CORE_HEADER = "core/include/countersign/error.h";
const TS_UNION = "js-bindings/src/error.ts";
const SERVER_HEADER = "server/src/app/error.h";
const SERVER_TABLE = "server/src/app/server_error.cpp";
const OPENAPI = "server/openapi.yaml";

/** Complains unless both lists are equal, in order. */
function compare(what, left, right) {
  if (left.length === 0) return [`${what}: nothing was found to compare`];
  const count = Math.max(left.length, right.length);
  return Array.from({ length: count }, (_, i) => i).filter((i) => left[i] !== right[i])
    .slice(0, 3).map((i) => `${what}, entry ${i}: ${left[i] ?? "none"} against ${right[i] ?? "none"}`);
}

// --- version ---------------------------------------------------------------------------------------
function versions(tree) {
  return {
    "CMakeLists.txt": tree.read("CMakeLists.txt").match(/project\(countersign VERSION ([\d.]+)/)?.[1],
    "js-bindings/package.json": JSON.parse(tree.read("js-bindings/package.json")).version,
    "package-lock.json": JSON.parse(tree.read("package-lock.json")).packages["js-bindings"]?.version,
    [OPENAPI]: tree.readOr(OPENAPI, "").match(/^ {2}version: ["']?([\d.]+)/m)?.[1],
    "CHANGELOG.md": tree.readOr("CHANGELOG.md", "").match(/^## \[?(\d+\.\d+\.\d+)/m)?.[1],
  };
}

rule("there is one version number", (tree) => {
  const found = versions(tree);
  const wanted = found["CMakeLists.txt"];
  return Object.entries(found).filter(([, version]) => !version || version !== wanted).map(([path, version]) => `${path} says ${version}, CMakeLists.txt ${wanted}`);
}, [{ "js-bindings/package.json": '{"version": "9.9.9"}' }, { "CHANGELOG.md": "## 9.9.9\n" }]);

rule("no source repeats the version number", (tree) => {
  const version = versions(tree)["CMakeLists.txt"].replaceAll(".", "\\.");
  const quoted = new RegExp(`["'\`]${version}["'\`]`);
  return ["core/", "wasm/", "server/src/", "js-bindings/src/", "demo-site/"].flatMap((folder) => tree.paths(folder, [".h", ".cpp", ".ts", ".mjs", ".js"]))
    .filter((path) => quoted.test(tree.read(path))).map((path) => `${path} repeats the version`);
}, [{ "server/src/cli/x.cpp": 'const char* v = "0.1.0";\n' }]);

// --- error codes -----------------------------------------------------------------------------------
const rows = (text) => [...text.matchAll(/\{(?:ServerErrorCode::|ErrorCode::)?(\w+),\s*"([a-z0-9_]+\.[a-z0-9_]+)"/g)].map(([, name, code]) => `${name} ${code}`);
const enumerators = (text, name) => [...(text.match(new RegExp(`enum class ${name}[^{]*\\{([\\s\\S]*?)\\};`))?.[1] ?? "").matchAll(/^\s*(\w+),?\s*\/\/\/< `([a-z0-9_.]+)`/gm)]
  .map(([, enumerator, code]) => `${enumerator} ${code}`);
const codeIn = (row) => row.split(" ")[1];

rule("the core's error table and its header agree, in order",
  (tree) => compare("core error", rows(tree.read(CORE_TABLE)), enumerators(tree.read(CORE_HEADER), "ErrorCode")),
  [{ [CORE_TABLE]: '{Base32BadSymbol, "base32.bad_sybmol", ""},\n' }]);

rule("the package's union of error codes is the core's table, in order",
  (tree) => compare("error code", rows(tree.read(CORE_TABLE)).map(codeIn),
    [...(tree.read(TS_UNION).match(/countersignErrorCodes = \[([\s\S]*?)\]/)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(([, code]) => code)),
  [{ [TS_UNION]: 'export const countersignErrorCodes = ["otp.code_malformed"] as const;\n' }]);

rule("the server's error table and its header agree, in order",
  (tree) => compare("server error", rows(tree.readOr(SERVER_TABLE, "")), enumerators(tree.read(SERVER_HEADER), "ServerErrorCode")),
  [{ [SERVER_TABLE]: '{AuthMissing, "auth.mising", ""},\n' }]);

/** Codes that HTTP answers: those before the command line's own that some source gives. */
function httpCodes(tree) {
  const [shown] = tree.read(SERVER_HEADER).split("// What only the command line meets:");
  // The tables name every code, given or not.
  const sources = tree.paths("server/src/", [".h", ".cpp"]).filter((path) => ![SERVER_HEADER, SERVER_TABLE].includes(path))
    .map((path) => tree.read(path).replace(/^ *case ServerErrorCode::.*$/gm, "")).join("\n");
  return enumerators(`${shown}\n};`, "ServerErrorCode").filter((row) => new RegExp(`\\b${row.split(" ")[0]}\\b`).test(sources)).map(codeIn);
}

/** Codes of 422: what is wrong with a policy, or with security questions. */
const documentCodes = (tree) => [["policy", "server/src/app/policy.cpp"], ["policy", "server/src/http/policy_codec.cpp"], ["kba", "server/src/app/kba.cpp"], ["kba", "server/src/app/question_saving.cpp"]]
  .flatMap(([area, path]) => [...tree.readOr(path, "").matchAll(new RegExp(`(?:\\{(?:0, )?|refusal\\()"(${area}\\.[a-z_]+)"`, "g"))].map(([, code]) => code));

/** Said in an answer of status 200, which is no error. */
const ANSWER_CODES = ["mail.wait"];

rule("openapi.yaml knows every error code of HTTP, and no other", (tree) => {
  // Without the places of fields in examples.
  const text = tree.readOr(OPENAPI, "").replace(/^ *(?:field|detail): .*$/gm, "");
  const known = [...new Set([...httpCodes(tree), ...documentCodes(tree)])];
  const areas = [...new Set(known.map((code) => code.split(".")[0]))].join("|");
  const said = [...new Set([...text.matchAll(new RegExp(`\\b(?:${areas})\\.[a-z_]+\\b`, "g"))].map(([code]) => code))];
  return [...known.filter((code) => !said.includes(code)).map((code) => `openapi.yaml lacks ${code}`),
    ...said.filter((code) => ![...known, ...ANSWER_CODES].includes(code)).map((code) => `openapi.yaml says ${code}, which no table has`)];
}, [{ [OPENAPI]: "info:\n" }, { [OPENAPI]: "code: auth.never_heard_of\n" },
  { "server/src/app/policy.cpp": 'return PolicyFault{"policy.never_heard_of", "kba", "x"};\n' }]);

// --- routes ----------------------------------------------------------------------------------------
function routesInCode(tree) {
  const credentials = { kNone: "none", kAppKey: "app_key", kSession: "session" };
  const purposes = { kAny: "", kManage: "manage", kChallenge: "challenge", kAdmin: "admin" };
  const parts = tree.paths("server/src/http/", ["routes.cpp"]).filter((path) => !path.endsWith("/operator_routes.cpp"));
  return parts.flatMap((part) => [...tree.read(part).matchAll(/\{"([A-Z]+)", "(\/[^"]*)", (\w+), (\w+), (true|false)/g)])
    .map(([, method, path, credential, purpose, consumes]) => `${method} ${path} ${credentials[credential]} ${purposes[purpose]} ${consumes}`).sort();
}

function routesInContract(text) {
  const routes = [];
  let path = null;
  let route = null;
  for (const line of text.split("\n")) {
    const pathLine = line.match(/^ {2}(\/\S*):\s*$/);
    const methodLine = line.match(/^ {4}(get|post|put|patch|delete):\s*$/);
    const extension = line.match(/^ {6}x-(credential|purpose|consumes-code): (\S+)\s*$/);
    if (/^\S/.test(line)) path = route = null;
    if (pathLine) [path, route] = [pathLine[1], null];
    else if (methodLine && path) routes.push(route = { method: methodLine[1].toUpperCase(), path });
    else if (extension && route) route[extension[1]] = extension[2];
  }
  return routes.map((r) => `${r.method} ${r.path} ${r.credential} ${r.purpose ?? ""} ${r["consumes-code"]}`).sort();
}

rule("openapi.yaml and the route table have the same routes, callers and code marks",
  (tree) => compare("route", routesInCode(tree), routesInContract(tree.readOr(OPENAPI, ""))),
  [{ "server/src/http/x_routes.cpp": '{"POST", "/v1/secret", kNone, kAny, true, false, f},\n' }, { [OPENAPI]: "paths:\n  /v1/verify:\n    post:\n" }]);

// --- suites ----------------------------------------------------------------------------------------
rule("every tests/NAME/run is a suite of scripts/test, and every suite has one", (tree) => {
  const listed = [...tree.read("scripts/lib/suites.mjs").matchAll(/^ {2}\{ name: "([\w-]+)"/gm)].map(([, name]) => name).sort();
  const present = tree.paths("tests/").map((path) => path.match(/^tests\/([\w-]+)\/run$/)?.[1]).filter(Boolean).sort();
  return [...listed.filter((name) => !present.includes(name)).map((name) => `tests/${name}/run is missing`),
    ...present.filter((name) => !listed.includes(name)).map((name) => `tests/${name}/run is in no list of suites`)];
}, [{ "tests/stray/run": "#!/usr/bin/env bash\n" }]);

rule("every package that setup installs has its reason", (tree) => {
  const list = tree.read("scripts/lib/packages.sh").match(/^PACKAGES=\(\n([\s\S]*?)^\)/m)?.[1] ?? "";
  return list === "" ? ["no list of packages"] : list.split("\n").filter((line) => line.trim() !== "" && !/^ {2}#|^ {2}\S+ +# \S/.test(line)).map((line) => `no reason: ${line.trim()}`);
}, [{ "scripts/lib/packages.sh": "PACKAGES=(\n  nano\n)\n" }]);

rule("lock files record no download address",
  (tree) => tree.paths("", ["package-lock.json"]).filter((path) => /"resolved": "https?:/.test(tree.read(path))).map((path) => `${path} records addresses`),
  [{ "x/package-lock.json": '{"resolved": "https://registry.example/x.tgz"}' }]);
