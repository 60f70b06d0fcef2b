// SPDX-License-Identifier: Apache-2.0
// A widget's half of the sealed box: node's own X25519 keys, opened by the distribution's libsodium.
import { execFile } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { built } from "./site.mjs";

/** @returns {{publicKey: string, secretKey: string}} base64url */
export function makeBoxKeys() {
  const { x, d } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return { publicKey: x, secretKey: d };
}

/**
 * Fails when it was sealed to another key. Others may call meanwhile: races need that.
 * @returns {Promise<{label: string, session: string, user: string, pendingId: string, message: string}>}
 */
export async function openBox({ publicKey, secretKey }, sealed) {
  const printed = await new Promise((resolve, reject) => {
    const child = execFile(built("sealed_box_opener"), (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin.end(`${publicKey}\n${secretKey}\n${sealed}\n`);
  });
  const [label, session, user, pendingId, message] = printed.split("\n").map((line) => Buffer.from(line, "base64url").toString());
  return { label, session, user, pendingId, message };
}

/** What a box names its session by. */
export const sessionName = (token) => createHash("sha256").update(token).digest("hex");
