// SPDX-License-Identifier: Apache-2.0
// The mailboxes of everybody, as their owners read them.
import assert from "node:assert/strict";
import { readLetter } from "../server/mail/letter.mjs";

const patience = 15_000;

/** @typedef {{to: string, tls: boolean, subject: string, text: string, html: string, data: string}} Letter */

export class Mail {
  /** @param {import("../server/mail/mail_server.mjs").MailServer} server */
  constructor(server) {
    this.server = server;
  }

  /** Everything that has come to an address, the oldest first. @returns {Promise<Letter[]>} */
  to(address) {
    return Promise.all(this.server.mails().filter((mail) => mail.to.includes(address)).map(async (mail) => {
      const { subject, text, html } = await readLetter(mail);
      return { to: address, tls: mail.tls, subject, text, html, data: mail.data };
    }));
  }

  count(address) {
    return this.server.mails().filter((mail) => mail.to.includes(address)).length;
  }

  /** How many have come to anybody. */
  get total() {
    return this.server.mails().length;
  }

  /** Waits for the first letter after `count` ones that `fits`. @returns {Promise<Letter>} */
  async next(address, count, fits = () => true) {
    const deadline = Date.now() + patience;
    for (;;) {
      const found = (await this.to(address)).slice(count).find(fits);
      if (found !== undefined) return found;
      assert.ok(Date.now() < deadline, `no such letter to ${address}; it has ${(await this.to(address)).map(({ subject }) => subject).join(" | ")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The code in the next letter with one. @returns {Promise<string>} */
  async nextCode(address, count) {
    return codeIn(await this.next(address, count, (letter) => codeIn(letter) !== undefined));
  }

  /** Waits until a notice about something has come to an address. @param {RegExp} about in the subject or the text */
  notice(address, about, count = 0) {
    return this.next(address, count, ({ subject, text }) => about.test(`${subject}\n${text}`));
  }
}

/** A line of 6 to 8 digits; the widget would take it from the reader. */
export const codeIn = ({ text }) => /^\d{6,8}$/m.exec(text)?.[0];
