// SPDX-License-Identifier: Apache-2.0
// A server that sends mail, with the distribution's SMTP server to take it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLetter } from "../mail/letter.mjs";
import { MailServer, makeCertificate } from "../mail/mail_server.mjs";
import { elevate, enroll, openSession } from "./enroll.mjs";
import { RunningServer } from "./running_server.mjs";
import { Site } from "./site.mjs";
import { codeOfStep } from "./totp.mjs";

const deadline = 20_000;

/** Waits until `look` finds something, which is what is returned. */
export async function until(look, what) {
  for (const end = Date.now() + deadline; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

export class MailSite extends Site {
  /** @param {(policy: object) => void} change what the administrator saves */
  static async open(change = () => {}) {
    const site = new MailSite();
    site.token = site.createAppKey().token;
    site.setPolicy(change);
    const directory = join(site.directory, "mail");
    mkdirSync(directory);
    const certificate = makeCertificate(directory);
    site.mail = await new MailServer({ directory, host: "127.0.0.2", certificate }).start();  // STARTTLS required
    site.mailFlags = ["--smtp-url", `smtp://127.0.0.2:${site.mail.port}`, "--smtp-ca-file", certificate.cert, "--mail-from", "Bank <no-reply@bank.example>"];
    site.server = await RunningServer.start(site, { args: [...site.mailFlags, "--operator-listen", "127.0.0.1:0"] });
    return site;
  }

  async restart() {
    this.server = await RunningServer.start(this, { args: [...this.mailFlags, "--operator-listen", "127.0.0.1:0"] });
  }

  async close() {
    await this.server.stop();
    await this.mail.stop();
    this.remove();
  }

  setPolicy(change) {
    const { policy } = this.must(["policy", "get", "--data", this.data]);
    change(policy);
    this.must(["policy", "set", "--data", this.data, "--stdin", "--who", "test"], { input: JSON.stringify(policy) });
  }

  /** A session of a user whose primary address the back end knows. */
  async session(user, email = `${user}@example.org`) {
    const opened = await this.server.call("POST", "/v1/sessions",
      { token: this.token, json: { user, purpose: "manage", account: user, issuer: "Harbor Bank", ...(email && { email }) } });
    if (opened.status !== 201) throw new Error(`no session: ${opened.text}`);
    return opened.json.token;
  }

  post(session, path, json = {}) {
    return this.server.call("POST", `/v1/w/${path}`, { token: session, json });
  }

  /** A user with an authenticator and a session that is elevated. */
  async elevated(user, email) {
    const enrollment = await enroll(this.server, this.token, user);
    const session = await this.session(user, email);
    const done = await elevate(this.server, session, codeOfStep(enrollment.seed, enrollment.step + 1));
    if (done.json?.ok !== true) throw new Error(`elevate: ${done.text}`);
    return { user, session, enrollment };
  }

  /** The letters that have come to an address, the oldest first. */
  async letters(address) {
    return Promise.all(this.mail.mails().filter(({ to }) => to[0] === address).map(readLetter));
  }

  /** The latest letter whose subject fits, once it has come. */
  letter(address, subject) {
    return until(async () => (await this.letters(address)).findLast((letter) => subject.test(letter.subject)), `mail ${subject} to ${address}`);
  }

  /** The code of the latest code mail, other than `not`. */
  async code(address, not) {
    return until(async () => {
      const letter = (await this.letters(address)).findLast(({ subject }) => /^Your code/.test(subject));
      const code = letter && /^\d{6,8}$/m.exec(letter.text)[0];
      return code !== not ? code : undefined;
    }, `a code to ${address}`);
  }

  /** As if a minute had passed since the last mail to anybody. */
  passMinute() {
    this.changeStore("UPDATE mail_allowance SET last_at = last_at - 60");
  }

  /** Sets an alternate address up. @returns what confirming it answered */
  async setAlternate(session, address) {
    const begun = await this.post(session, "alternate/begin", { address });
    if (begun.json?.ok !== true) throw new Error(`alternate/begin: ${begun.text}`);
    const confirmed = await this.post(session, "alternate/confirm", { pending_id: begun.json.pending_id, code: await this.code(address) });
    if (confirmed.json?.ok !== true) throw new Error(`alternate/confirm: ${confirmed.text}`);
    return confirmed.json;
  }
}

export { openSession };
