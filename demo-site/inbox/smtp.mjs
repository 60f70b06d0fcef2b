// SPDX-License-Identifier: Apache-2.0

import { SMTPServer } from "smtp-server";

const maxBytes = 256 * 1024;

async function readAll(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

/**
 * The mail server: it takes what is sent to any address and delivers nothing elsewhere. Without TLS and without a
 * password, which is right on the loopback address alone.
 *
 * @param {import("./mailbox.mjs").Mailbox} mailbox
 */
export function createMailServer(mailbox) {
  return new SMTPServer({
    name: "inbox.localhost",
    banner: "the demonstration's inbox",
    size: maxBytes,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onData(stream, session, done) {
      readAll(stream).then(async (raw) => {
        if (stream.sizeExceeded) throw refusal(552, "the message is too large");
        const { mailFrom, rcptTo } = session.envelope;
        await mailbox.take({ from: mailFrom.address || "", to: rcptTo.map(({ address }) => address), raw });
      }).then(() => done(), done);
    },
  });
}
