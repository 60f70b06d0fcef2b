// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./mail_server.py", import.meta.url));

/** A certificate for localhost and 127.0.0.2 and its key, made for this run. */
export function makeCertificate(directory, days = 2) {
  const files = { cert: join(directory, "mail.crt"), key: join(directory, "mail.key") };
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", String(days), "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.2", "-out", files.cert, "-keyout", files.key], { stdio: "pipe" });
  return files;
}

/** The distribution's SMTP server with a mailbox that can be read, stopped and started again on its port. */
export class MailServer {
  #child;
  #box;
  #flags;
  port = 0;

  /** @param {string} [options.host] 127.0.0.2 is this machine too, but not by name: there the product wants TLS */
  constructor({ directory, host = "127.0.0.1", certificate, smtps = false, user, password }) {
    this.#box = join(directory, "mailbox.jsonl");
    this.#flags = ["--box", this.#box, "--host", host];
    if (certificate) this.#flags.push("--cert", certificate.cert, "--key", certificate.key);
    if (smtps) this.#flags.push("--smtps");
    if (user) this.#flags.push("--user", user, "--password", password);
  }

  async start() {
    this.#child = spawn("/usr/bin/python3", [program, ...this.#flags, "--port", String(this.port)], { stdio: ["pipe", "pipe", "inherit"] });
    for await (const line of createInterface({ input: this.#child.stdout })) {
      this.port = JSON.parse(line).port;
      return this;
    }
    throw new Error("the mail server did not start");
  }

  async stop() {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin.end();
    this.#child.kill("SIGTERM");
    await ended;
  }

  /** All mails it has taken, the oldest first: `{from, to, tls, data}`. A line that is still being written is no mail yet. */
  mails() {
    if (!existsSync(this.#box)) return [];
    const lines = readFileSync(this.#box, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  empty() {
    rmSync(this.#box, { force: true });
  }
}
