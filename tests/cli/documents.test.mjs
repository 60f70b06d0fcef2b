// SPDX-License-Identifier: Apache-2.0
// docs/cli.md against `--help`, `/metrics` and the audit log's events: each on both sides, and its examples run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import https from "node:https";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { makeCertificate } from "../hostile/certificates.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, binary, countersign, root } from "../server/http/site.mjs";

const document = readFileSync(join(root, "docs/cli.md"), "utf8");

/** The sections of the document: command to the lines below its heading. */
const documented = new Map(document.split(/^### /m).slice(1).map((section) => {
  const name = /^`countersign ([a-z -]+)`/.exec(section)[1];
  return [name, section.split(/^## /m)[0]];
}));

const helpOf = (words) => countersign([...words, "--help"]).stdout;

/** The words under `Subcommands:`. */
const subcommandsOf = (help) => [...(help.split("Subcommands:\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}(\S+)/gm)].map((match) => match[1]);

function commands(words = []) {
  const below = subcommandsOf(helpOf(words));
  return below.length === 0 ? [words] : below.flatMap((word) => commands([...words, word]));
}

const leaves = commands();

test("docs/cli.md describes exactly the commands that --help lists", () => {
  assert.deepEqual([...documented.keys()].sort(), leaves.map((words) => words.join(" ")).sort());
});

for (const words of leaves) {
  const name = words.join(" ");
  test(`${name}: each flag stands in docs/cli.md with its value, and each documented flag exists`, () => {
    const help = helpOf(words);
    const offered = new Map([...help.matchAll(/^ {2}(?:-h,)?(--[a-z-]+)(?: ([A-Z][A-Z:,]*))?(?: |$)/gm)].map((match) => [match[1], match[2] ?? ""]));
    assert.ok(offered.delete("--help") && offered.delete("--json"), "every command has --help and --json");
    offered.delete("--config");  // stands once, for every command that has it
    const place = documented.get(name).includes("\nFlags: those of `serve`") ? "serve" : name;
    const told = new Map([...documented.get(place).matchAll(/^\| `(--[a-z-]+)` \|([^|]*)\|/gm)].map((match) => [match[1], match[2].trim()]));
    assert.deepEqual([...told].sort(), [...offered].sort());
    assert.match(help.split("\n")[0], /^[A-Z].{10,}$/, "a sentence of help");
  });
}

test("no flag of any command takes a secret in the command line", () => {
  for (const words of leaves) {
    for (const [, flag, value] of helpOf(words).matchAll(/^ {2}(--[a-z-]+)(?: ([A-Z:,]+))?/gm)) {
      if (/secret|seed|token|passphrase|password|key/.test(flag) && value && value !== "FILE") assert.match(flag, /-format$/, flag);
    }
  }
});

test("the examples of docs/cli.md print what stands below them", () => {
  const examples = [...document.matchAll(/^```\n(\$[^]*?)^```/gm)].flatMap((block) => block[1].split(/^\$ /m).slice(1));
  assert.ok(examples.length >= 5);
  for (const example of examples) {
    const [command, ...output] = example.split("\n");
    const env = { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}` };
    const done = spawnSync("sh", ["-c", command], { encoding: "utf8", env });
    assert.equal(done.stdout, output.join("\n"), command);
  }
});

test("every stable code of the command line stands in docs/cli.md", () => {
  const source = readFileSync(join(root, "server/src/cli/failure.cpp"), "utf8");
  const codes = [...source.matchAll(/return "((?:cli|config|listen)\.[a-z_]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length > 10);
  for (const code of codes) assert.ok(document.includes(`\`${code}\``), code);
});

test("every key of the file of settings stands in docs/cli.md with its flag", () => {
  const { settings } = JSON.parse(countersign(["config", "--json"]).stdout);
  const told = new Map([...document.matchAll(/^\| `([a-z_.]+)` \| `(--[a-z-]+)` \|(.*)\|$/gm)].map(([, key, flag, anew]) => [key, [flag, anew.trim() === "yes"]]));
  assert.deepEqual([...told].sort(), settings.map(({ key, flag, reloadable }) => [key, [flag, reloadable]]).sort());
});

/** The rows of the table that begins with this head: the names in the first column, and the rest. */
function tableOf(head) {
  const [rows] = document.split(`${head}\n|---|---|\n`)[1].split("\n\n");
  return rows.split("\n").flatMap((row) => {
    const [, names, rest] = /^\|([^|]+)\|(.+)\|$/.exec(row);
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => [name, rest.trim()]);
  });
}

/** One request over TLS, whoever signed the certificate. */
function ask(port, path, { token, json } = {}) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, headers, method: json ? "POST" : "GET", rejectUnauthorized: false, agent: false };
    const request = https.request(options, (response) => {
      let text = "";
      response.on("data", (part) => { text += part; });
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
    request.end(json && JSON.stringify(json));
  });
}

test("docs/cli.md has each metric of a server with its kind and labels, and no other", async () => {
  const site = new Site();
  const { token } = site.createAppKey();
  const late = join(site.directory, "late");  // shipping fails until this folder is there
  const server = await RunningServer.start(site, { args: ["--operator-listen", "127.0.0.1:0", ...makeCertificate(site.directory).flags,
    "--smtp-url", "smtp://127.0.0.1:9", "--mail-from", "bank@example.org", "--audit-file", join(late, "audit.jsonl")] });
  try {
    await ask(server.port, "/v1/verify", { token, json: { user: "ann", method: "totp", code: "000000" } });
    const { port } = server.log.map((line) => JSON.parse(line)).find(({ event }) => event === "server.operator_listening");
    const scrapeUntil = async (name) => {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const text = await ask(port, "/metrics");
        if (text.includes(`\n${name}`)) return text;
        assert.ok(Date.now() < deadline, `${name} never came`);
        await new Promise((done) => setTimeout(done, 50));
      }
    };
    await scrapeUntil("countersign_audit_shipping_failures_total");
    mkdirSync(late, { mode: 0o700 });
    const text = await scrapeUntil("countersign_audit_shipped_total");
    const kinds = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]));
    const table = tableOf("| metric | kind, labels, what it is |");
    assert.deepEqual(table.map(([name, rest]) => [name, /^(counter|gauge|histogram)/.exec(rest)?.[1]]).sort(), [...kinds].sort());
    const told = new Map(table);
    for (const [, name, labels] of text.matchAll(/^(\w+)\{(.*)\} /gm)) {
      const family = name.replace(/_bucket$/, "");
      for (const [, label] of labels.matchAll(/(\w+)="/g)) assert.ok(label === "le" || told.get(family).includes(`\`${label}\``), `${family} ${label}`);
    }
  } finally {
    await server.stop();
    site.remove();
  }
});

test("docs/cli.md has each event of the audit log, and no other", () => {
  const read = (path) => readFileSync(join(root, "server/src", path), "utf8");
  const store = readdirSync(join(root, "server/src/store")).filter((name) => name.endsWith(".cpp")).map((name) => read(`store/${name}`)).join("\n");
  // All words of this form that the store has are events; two are named in a header.
  const events = new Set([...store.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, name]) => name));
  for (const header of ["app/admin_store.h", "app/audit_erasure.h"]) events.add(/std::string_view k\w+ = "([a-z_]+\.[a-z_]+)"/.exec(read(header))[1]);
  const table = tableOf("| event | when; *mail*: its owner is told, where he has an address and mail is set up |");
  assert.deepEqual(table.map(([name]) => name).sort(), [...events].sort());
  const notices = new Set([...read("store/notices.cpp").matchAll(/Notice\{"([a-z_.]+)"/g)].map(([, name]) => name));
  assert.deepEqual(table.filter(([, when]) => !when.includes("*mail*")).map(([name]) => name).filter((name) => notices.has(name)), []);
});
