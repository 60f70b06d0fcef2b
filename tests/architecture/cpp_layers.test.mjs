// SPDX-License-Identifier: Apache-2.0
// Who may include whom in C++.
import { rule } from "./rule.mjs";
import { codeOf, cppEndings, includesIn } from "./tree.mjs";

const isStandard = (header) => /^[a-z_0-9]+$/.test(header) || /^(std(int|def|lib|io)|string|time|errno)\.h$/.test(header);
const isPublicCore = (header) => header.startsWith("countersign/");

/** Complains of each include under `folder` that `allowed` does not allow. */
const onlyIncludes = (folder, allowed) => (tree) =>
  includesIn(tree, folder).filter((include) => !allowed(include)).map(({ path, header }) => `${path} includes ${header}`);

/** Complains of code under `folder` that matches. */
const neverSays = (folder, pattern, endings = cppEndings) => (tree) =>
  tree.paths(folder, endings).flatMap((path) => {
    const found = codeOf(tree.read(path)).match(pattern);
    return found ? [`${path} says ${found[0]}`] : [];
  });

/** Complains of files beyond `allowed` that include what matches. */
const includedOnlyBy = (pattern, allowed) => (tree) =>
  includesIn(tree, "").filter(({ path, header }) => pattern.test(header) && !allowed(path)).map(({ path, header }) => `${path} includes ${header}`);

rule("the core's headers include the standard library, each other, and tl::expected in result.h alone",
  onlyIncludes("core/include/", ({ path, header, quoted }) => (!quoted && isStandard(header)) || isPublicCore(header) ||
    (header === "tl/expected.hpp" && path.endsWith("/result.h"))),
  [{ "core/include/countersign/x.h": "#include <sodium.h>\n" }, { "core/include/countersign/x.h": "#include <tl/expected.hpp>\n" },
    { "core/include/countersign/x.h": '#include "../../src/hmac.h"\n' }]);

rule("the core's sources include the standard library, the core, sodium, qrcodegen and libpng",
  onlyIncludes("core/src/", ({ header, quoted }) => isPublicCore(header) || (quoted ? /^\w+\.h$/.test(header) : isStandard(header)) ||
    ["sodium.h", "qrcodegen/qrcodegen.h", "png.h"].includes(header)),
  [{ "core/src/x.cpp": "#include <nlohmann/json.hpp>\n" }, { "core/src/x.cpp": "#include <emscripten/val.h>\n" },
    { "core/src/x.cpp": '#include "app/store.h"\n' }]);

for (const library of ["sodium.h", "qrcodegen/qrcodegen.h", "png.h"]) {
  rule(`one file of the core includes ${library}`, (tree) => {
    const users = includesIn(tree, "core/").filter(({ header }) => header === library).map(({ path }) => path);
    return users.length === 1 ? [] : [`${users.length} files include ${library}: ${users.join(", ")}`];
  }, [{ "core/src/x.cpp": `#include <${library}>\n` }]);
}

rule("the core does no I/O, reads no clock and no environment, and throws nothing",
  neverSays("core/", /<(iostream|fstream|filesystem|cstdio|ctime|sstream|format|thread)>|\w+_clock\b|\bgetenv\b|\bstd::time\s*\(|\bclock_gettime\b|\bthrow\b|\bprintf\b|\bassert_fail\b/),
  [{ "core/src/x.cpp": "#include <iostream>\n" }, { "core/src/x.cpp": "auto t = std::chrono::system_clock::now();\n" },
    { "core/src/x.cpp": 'void f() { throw 1; }\n' }, { "core/src/x.cpp": 'auto* p = std::getenv("HOME");\n' }]);

rule("the core's types are not made serializable",
  neverSays("core/", /\b(to_json|from_json|NLOHMANN_\w+)\b/), [{ "core/src/x.cpp": "void to_json(int);\n" }]);

rule("wasm/ includes the core's public headers, Emscripten, and its own",
  onlyIncludes("wasm/", ({ path, header, quoted }) => isPublicCore(header) || header.startsWith("emscripten/") || header === "emscripten.h" ||
    (quoted ? /^\w+\.h$/.test(header) : isStandard(header)) || (/sodium/.test(path) && /sodium/.test(header + path))),
  [{ "wasm/x.cpp": '#include "app/store.h"\n' }, { "wasm/x.cpp": "#include <sodium.h>\n" }, { "wasm/x.cpp": '#include "../core/src/hmac.h"\n' }]);

rule("Emscripten is known to wasm/ and its tests alone",
  includedOnlyBy(/^emscripten/, (path) => path.startsWith("wasm/") || path.startsWith("tests/wasm/")),
  [{ "server/src/app/x.cpp": "#include <emscripten/val.h>\n" }]);

// --- server --------------------------------------------------------------------------------------
const isSystem = (header) => isStandard(header) || /^(sys\/\w+|unistd|fcntl|pwd|signal|pthread)\.h$/.test(header);

rule("server/app includes the core, itself, the system, sodium and utf8proc; no layer beside or above it",
  onlyIncludes("server/src/app/", ({ path, header, quoted }) => isPublicCore(header) ||
    (path.endsWith("/error.h") && header === "tl/expected.hpp") ||
    (quoted ? header.startsWith("app/") : isSystem(header) || ["sodium.h", "utf8proc.h"].includes(header))),
  ['#include "http/routes.h"\n', '#include "store/writer.h"\n', "#include <nlohmann/json.hpp>\n", "#include <spdlog/logger.h>\n",
    "#include <SQLiteCpp/SQLiteCpp.h>\n", "#include <boost/asio.hpp>\n"].map((text) => ({ "server/src/app/x.cpp": text })));

rule("server/store implements app's interfaces and knows neither http nor the command line",
  onlyIncludes("server/src/store/", ({ header, quoted }) => isPublicCore(header) ||
    (quoted ? /^(app|store)\//.test(header) : isSystem(header) || /^(SQLiteCpp\/|sqlite3\.h$)/.test(header))),
  ['#include "http/routes.h"\n', '#include "cli/input.h"\n', "#include <nlohmann/json.hpp>\n", "#include <sodium.h>\n"]
    .map((text) => ({ "server/src/store/x.cpp": text })));

rule("server/store knows app's interfaces and values, not its logic",
  (tree) => includesIn(tree, "server/src/store/").filter(({ header }) => /^app\/(local_service|admission|timekeeper|tokens|master_key)\.h$/.test(header))
    .map(({ path, header }) => `${path} includes ${header}`),
  [{ "server/src/store/x.cpp": '#include "app/local_service.h"\n' }]);

rule("server/http knows app, and never the store",
  (tree) => includesIn(tree, "server/src/http/").filter(({ header }) => /^(store|cli)\/|sqlite|SQLiteCpp|^sodium\.h$/.test(header))
    .map(({ path, header }) => `${path} includes ${header}`),
  [{ "server/src/http/x.cpp": '#include "store/writer.h"\n' }, { "server/src/http/x.cpp": "#include <sqlite3.h>\n" }]);

rule("Boost appears in the listener's files alone",
  includedOnlyBy(/^boost\//, (path) => /^server\/src\/http\/(listener|connection|connection_stream|lane|lane_inbox|request_reader)\.(h|cpp)$/.test(path) ||
    path === "tests/server/http/lane_inbox.test.cpp" || path.startsWith("bench/")),
  [{ "server/src/http/routes.cpp": "#include <boost/beast.hpp>\n" }, { "server/src/main.cpp": "#include <boost/asio.hpp>\n" }]);

rule("OpenSSL appears in the TLS of the listener alone",
  includedOnlyBy(/^openssl\//, (path) => /^(server\/src\/http\/tls_\w+\.(h|cpp)|tests\/server\/http\/key_update_flood\.cpp)$/.test(path)),
  [{ "server/src/http/listener.cpp": "#include <openssl/ssl.h>\n" }, { "core/src/x.cpp": "#include <openssl/evp.h>\n" }]);

rule("JSON's library appears in http, cli, log and tests alone",
  includedOnlyBy(/^nlohmann\//, (path) => /^(server\/src\/(http|cli|log)|tests|bench)\//.test(path)),
  [{ "server/src/app/x.h": "#include <nlohmann/json.hpp>\n" }, { "core/src/x.cpp": "#include <nlohmann/json.hpp>\n" }]);

rule("spdlog appears in log alone", includedOnlyBy(/^spdlog\//, (path) => path.startsWith("server/src/log/")),
  [{ "server/src/http/x.cpp": "#include <spdlog/spdlog.h>\n" }]);

rule("CLI11 appears in the command line alone",
  includedOnlyBy(/^CLI\//, (path) => path.startsWith("server/src/cli/") || path === "server/src/main.cpp"),
  [{ "server/src/app/x.cpp": "#include <CLI/CLI.hpp>\n" }]);

rule("utf8proc appears where answers are folded, alone", includedOnlyBy(/^utf8proc/, (path) => path === "server/src/app/kba_folding.cpp"),
  [{ "server/src/app/kba.cpp": "#include <utf8proc.h>\n" }]);

rule("Prometheus appears in the metrics alone", includedOnlyBy(/^prometheus\//, (path) => path === "server/src/http/metrics.cpp"),
  [{ "server/src/http/operator_routes.cpp": "#include <prometheus/registry.h>\n" }]);

rule("curl appears where mail is sent, alone", includedOnlyBy(/^curl\//, (path) => path === "server/src/mail/smtp.cpp"),
  [{ "server/src/mail/smtp_url.cpp": "#include <curl/curl.h>\n" }]);

rule("libpng appears in qr_png.cpp alone, and in the tests that read what it wrote",
  includedOnlyBy(/^png\.h$/, (path) => path === "core/src/qr_png.cpp" || path.startsWith("tests/core/")),
  [{ "core/src/qr_bitmap.cpp": "#include <png.h>\n" }, { "server/src/cli/qr.cpp": "#include <png.h>\n" }]);

rule("SQLite appears in the store alone, and in tests of it",
  includedOnlyBy(/^(sqlite3\.h|SQLiteCpp\/)/, (path) => /^(server\/src\/store|tests|bench)\//.test(path)),
  [{ "server/src/http/x.cpp": "#include <sqlite3.h>\n" }]);

rule("SQL is a literal by its type: the raw connection is for database.* and the schema",
  (tree) => tree.paths("server/src/", cppEndings).filter((path) => !/\/store\/(database\.(h|cpp)|(foreign_)?schema\.cpp|backup\.cpp)$/.test(path)).flatMap((path) => {
    const found = codeOf(tree.read(path)).match(/\bsqlite3_(exec|prepare)\w*|SQLite::Statement|\bconnection_?\(?\)?\.(exec|tryExec)\b/);
    return found ? [`${path} says ${found[0]}`] : [];
  }),
  [{ "server/src/store/x.cpp": 'sqlite3_exec(db, ("DELETE FROM " + name).c_str(), 0, 0, 0);\n' },
    { "server/src/store/x.cpp": "database.connection().exec(text);\n" }]);

/** The SQL of each UPDATE of the store: its literals, joined. */
function updatesIn(text) {
  const literals = [...codeOf(text).matchAll(/"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*/g)].map(([run]) => run.replace(/"\s*"/g, "").slice(1, -1));
  return literals.filter((sql) => /^\s*UPDATE\b|\bDO UPDATE\b/i.test(sql));
}

rule("statements that decide gate on their own row: no sub-select, no CTE [R9a]", (tree) => {
  const updates = tree.paths("server/src/store/", [".cpp", ".h"]).flatMap((path) => updatesIn(tree.read(path)).map((sql) => ({ path, sql })));
  if (updates.length < 3) return [`only ${updates.length} UPDATE statements were found`];
  return updates.filter(({ sql }) => /\bSELECT\b|\bWITH\b|\bFROM\b/i.test(sql)).map(({ path, sql }) => `${path}: ${sql}`);
}, [{ "server/src/store/x.cpp": 'run("UPDATE credential SET last_step = 1 "\n    "WHERE credential = (SELECT 1)");\n' },
  { "server/src/store/x.cpp": 'run("WITH old AS (SELECT 1) INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET b = 1");\n' }]);

rule("every header starts once",
  (tree) => tree.paths("", [".h"]).filter((path) => !/^#pragma once$/m.test(tree.read(path))).map((path) => `${path} has no #pragma once`),
  [{ "core/src/x.h": "// SPDX-License-Identifier: Apache-2.0\n" }]);
