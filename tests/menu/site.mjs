// SPDX-License-Identifier: Apache-2.0
// One server under test with all that the menu needs around it: a mail server with TLS and a password, an
// application key of the site and one of its staff, and a clock that can be moved (libfaketime).
import assert from "node:assert/strict";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MailServer, makeCertificate } from "../server/mail/mail_server.mjs";
import { RunningServer } from "../server/http/running_server.mjs";
import { Site, built, countersign } from "../server/http/site.mjs";
import { stepAt } from "../server/http/totp.mjs";
import { Mail } from "./mail.mjs";

const library = ["x86_64", "aarch64"].map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);
const password = "correct horse";

export class MenuSite extends Site {
  offset = 0;

  /**
   * Starts mail and server.
   * @param {(policy: object) => void} [changePolicy] from the default one
   * @param {{movable?: boolean, logLevel?: string}} [options] a clock that cannot be moved is the machine's own, and faster to read
   */
  static async open(changePolicy, { movable = true, logLevel = "debug" } = {}) {
    const site = new MenuSite();
    Object.assign(site, { movable, logLevel });
    try {
      await site.#begin(changePolicy);
    } catch (error) {
      await site.close();
      throw error;
    }
    return site;
  }

  async #begin(changePolicy) {
    if (this.movable) this.#makeMovable();
    const certificate = makeCertificate(this.directory, 400);
    writeFileSync(join(this.directory, "mail-password"), `${password}\n`, { mode: 0o600 });
    this.mailServer = await new MailServer({ directory: this.directory, host: "127.0.0.2", certificate, user: "bank", password }).start();
    this.mail = new Mail(this.mailServer);
    this.token = this.createAppKey("bank").token;
    this.staffToken = this.must(["app-key", "create", ...this.place, "--name", "staff", "--scope", "admin"]).token;
    if (changePolicy) this.setPolicy(changePolicy);
    await this.startServer();
  }

  #makeMovable() {
    assert.ok(library, "libfaketime is missing: run scripts/setup");
    this.file = join(this.directory, "faketime");
    this.#shift(0);
    this.env = {
      LD_PRELOAD: `${library} ${built("unsynchronized_clock.so")}`, FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: "1", DONT_FAKE_MONOTONIC: "1",
    };
  }

  get mailFlags() {
    return ["--smtp-url", `smtp://127.0.0.2:${this.mailServer.port}`, "--mail-from", "Harbor Bank <no-reply@bank.example>",
      "--smtp-user", "bank", "--smtp-password-file", join(this.directory, "mail-password"),
      "--smtp-ca-file", join(this.directory, "mail.crt")];
  }

  async startServer() {
    this.server = await RunningServer.start(this, { args: this.mailFlags, env: this.env, logLevel: this.logLevel });
  }

  #shift(seconds) {
    assert.ok(this.movable, "this site's clock is the machine's");
    this.offset = seconds;
    writeFileSync(`${this.file}.new`, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  /** The server's time, in seconds. */
  get now() {
    return Date.now() / 1000 + this.offset;
  }

  get step() {
    return stepAt(this.now);
  }

  /** Lets so many seconds pass for the server, and has the operator say that its clock is right (R16). */
  async pass(seconds) {
    this.#shift(this.offset + seconds);
    const done = countersign(["clock", "confirm", "--data", this.data, "--json"], { env: this.env });
    assert.equal(done.status, 0, done.stderr);
    const deadline = Date.now() + 20_000;
    while ((await this.server.call("GET", "/readyz")).status !== 200) {
      assert.ok(Date.now() < deadline, "the server does not become ready");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The clock is wrong, and nobody says that it is right. */
  jump(seconds) {
    this.#shift(this.offset + seconds);
  }

  /** Commands live in the server's time. */
  must(args, options = {}) {
    return super.must(args, { env: this.env, ...options });
  }

  /** Saves the present policy with a change, by the command line. */
  setPolicy(change) {
    const { policy } = this.must(["policy", "get", "--data", this.data]);
    change(policy);
    this.must(["policy", "set", "--data", this.data, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
  }

  async close() {
    try {
      if (this.server) assert.deepEqual(await this.server.stop(), { code: 0, signal: null });
    } finally {
      await this.mailServer?.stop();
      this.remove();
    }
  }
}

/** Forgot Phone with one alternate that the administrator has selected (A2, A3, A4). @param {"kba"|"kba_email"|"email"} alternate */
export const forgotPhone = (alternate, offered) => (policy) => {
  Object.assign(policy.forgot_phone, { enabled: true, alternate, user_choice: offered !== undefined, offered: offered ?? [alternate] });
};

/** @param {"static"|"backup"|"both"} kind */
export const securityCodes = (kind) => (policy) => {
  Object.assign(policy.security_codes, { enabled: true, kind });
};

export const all = (...changes) => (policy) => {
  for (const change of changes) change(policy);
};
