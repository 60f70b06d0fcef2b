// SPDX-License-Identifier: Apache-2.0
// The real `countersign serve` on a fresh directory, and what a relying party does with it: it opens
// sessions and forwards the widget's calls.
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const binary = resolve(process.env.COUNTERSIGN_BUILD ?? "build", "release", "bin", "countersign");

async function listening(child) {
  const told = [];
  for await (const line of createInterface({ input: child.stderr })) {
    told.push(line);
    const event = line.startsWith("{") ? JSON.parse(line) : {};
    if (event.event === "server.listening") return `http://127.0.0.1:${event.port}`;
  }
  throw new Error(`countersign serve ended before it listened:\n${told.join("\n")}`);
}

/** Changes the policy's security codes, for a server that runs as well. */
function setSecurityCodes(folder, wanted) {
  const data = ["--data", join(folder, "data")];
  const policy = JSON.parse(execFileSync(binary, ["policy", "get", ...data], { encoding: "utf8" }));
  Object.assign(policy.security_codes, wanted);
  execFileSync(binary, ["policy", "set", ...data, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
}

/**
 * @param {string[]} [options.allowedOrigins] - of the application key: whose pages may call the server directly
 * @returns `address`, `openSession(user)`, `openChallenge(user)`, `redeem`, `widget` for the site, `setSecurityCodes`, `verify`, and `stop`
 */
export async function startServer({ allowedOrigins = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "countersign-elements-"));
  const data = ["--data", join(folder, "data"), "--master-key-file", join(folder, "master.key")];
  await run(binary, ["keygen", "--out", join(folder, "master.key")]);
  const created = await run(binary, ["app-key", "create", ...data, "--name", "bank", "--json", ...(allowedOrigins.length > 0 ? ["--allowed-origin", allowedOrigins.join(",")] : [])]);
  const appKey = JSON.parse(created.stdout).token;
  const child = spawn(binary, ["serve", ...data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  const origin = await listening(child);
  child.stderr.resume();

  const post = (path, token, text) =>
    fetch(`${origin}${path}`, {
      method: text === undefined ? "GET" : "POST",
      headers: { authorization: token, "content-type": "application/json" },
      ...(text === undefined ? {} : { body: text }),
    });

  return {
    address: origin,
    setSecurityCodes: (wanted) => setSecurityCodes(folder, wanted),
    /** @returns whether the code signs the user in */
    async verify(user, method, code) {
      const answer = await post("/v1/verify", `Bearer ${appKey}`, JSON.stringify({ user, method, code }));
      return (await answer.json()).ok;
    },
    async openSession(user, names = {}) {
      const body = { user, purpose: "manage", account: `${user}@example.org`, issuer: "Harbor Bank", ...names };
      const answer = await post("/v1/sessions", `Bearer ${appKey}`, JSON.stringify(body));
      if (answer.status !== 201) throw new Error(`no session: ${answer.status} ${await answer.text()}`);
      return (await answer.json()).token;
    },
    /** @returns `{token, challenge}` of a login whose password was right */
    async openChallenge(user) {
      const names = { account: `${user}@example.org`, issuer: "Harbor Bank", first_factor: { method: "password", at: Math.floor(Date.now() / 1000) } };
      const body = { user, purpose: "challenge", receipt_purpose: "login", context: "a visit", ...names };
      const answer = await post("/v1/sessions", `Bearer ${appKey}`, JSON.stringify(body));
      if (answer.status !== 201) throw new Error(`no challenge: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async redeem(receipt, challenge, user) {
      const body = { receipt, challenge, user, purpose: "login" };
      return (await post("/v1/receipts/redeem", `Bearer ${appKey}`, JSON.stringify(body))).json();
    },
    async widget({ route, method, authorization, text }) {
      const answer = await post(`/v1/w/${route}`, authorization ?? "", method === "GET" ? undefined : text);
      const headers = {};
      if (answer.headers.has("retry-after")) headers["retry-after"] = answer.headers.get("retry-after");
      return { status: answer.status, headers, body: await answer.json() };
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
