// SPDX-License-Identifier: Apache-2.0
// `countersign serve` as a child process: its log, its HTTP interface, its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";
import { answerFault, operationOf } from "./openapi.mjs";
import { binary } from "./site.mjs";

export class RunningServer {
  /**
   * Starts a server on a free port and waits until it listens.
   * @param {import("./site.mjs").Site} site
   * @param {{args?: string[], env?: object, logLevel?: string, flags?: string[], through?: string[]}} options  `flags`: all of
   *   them; `through`: a command that becomes the server
   */
  static async start(site, { args = [], env = {}, logLevel = "debug", flags, through = [] } = {}) {
    const server = new RunningServer(site);
    const command = ["serve", ...(flags ?? [...site.place, "--listen", "127.0.0.1:0", "--log-level", logLevel, ...args])];
    const [program, ...rest] = [...through, binary, ...command];
    server.child = spawn(program, rest, {
      env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"],
    });
    site.children.add(server.child);
    server.exited = once(server.child, "exit").then(([code, signal]) => ({ code, signal }));
    const listening = new Promise((resolve, reject) => {
      createInterface({ input: server.child.stderr }).on("line", (line) => {
        server.log.push(line);
        if (line.includes('"server.listening"')) resolve(JSON.parse(line));
      });
      server.exited.then(({ code }) => reject(new Error(`the server ended (${code}): ${server.log.join("\n")}`)));
    });
    server.port = (await listening).port;
    return server;
  }

  constructor(site) {
    this.site = site;
    this.log = [];
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  }

  /**
   * One request, whose answer has to be one of the contract. `json` is sent as JSON, `body` as it is.
   * @returns {Promise<{status: number, headers: object, text: string, json: any}>}
   */
  call(method, path, { token, json, body, headers = {}, agent = this.agent } = {}) {
    const payload = json === undefined ? body : JSON.stringify(json);
    const sent = { ...headers };
    if (token !== undefined) sent.authorization = `Bearer ${token}`;
    if (json !== undefined && sent["content-type"] === undefined) sent["content-type"] = "application/json";
    if (payload !== undefined && sent["transfer-encoding"] === undefined) sent["content-length"] = Buffer.byteLength(payload);
    return new Promise((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port: this.port, method, path, headers: sent, agent }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part) => { text += part; });
        response.on("error", reject);
        response.on("end", () => {
          const parsed = text !== "" && (response.headers["content-type"] ?? "").includes("json") ? JSON.parse(text) : undefined;
          const answer = { status: response.statusCode, headers: response.headers, text, json: parsed };
          const operation = operationOf(method, path);
          const fault = operation && answerFault(operation, answer);
          if (fault) reject(new Error(`${method} ${path} is not answered as openapi.yaml says: ${fault}: ${text}`));
          else resolve(answer);
        });
      });
      request.on("error", reject);
      request.end(payload);
    });
  }

  verify(token, user, code) {
    return this.call("POST", "/v1/verify", { token, json: { user, method: "totp", code } });
  }

  openSession(token, user) {
    return this.call("POST", "/v1/sessions", { token, json: { user, purpose: "manage", account: "ann@example.org", issuer: "Bank" } });
  }

  /** SIGTERM, and the way it ended. */
  async stop(signal = "SIGTERM") {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const end = await this.exited;
    this.agent.destroy();
    return end;
  }

  /** kill -9. */
  kill() {
    return this.stop("SIGKILL");
  }
}
