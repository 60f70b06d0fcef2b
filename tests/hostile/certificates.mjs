// SPDX-License-Identifier: Apache-2.0
// Certificates of the moment, made by openssl, and what it says to a server.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";

const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });

/**
 * A self-signed certificate with its key.
 * @param {string} directory
 * @param {{name?: string, key?: string[], days?: string[], subject?: string}} options
 * @returns {{certificate: string, key: string, flags: string[]}} files, and what `serve` takes of them
 */
export function makeCertificate(directory, { name = "server", key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], days = ["-days", "2"], subject = "localhost" } = {}) {
  const files = { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  openssl("req", "-x509", "-newkey", ...key, "-keyout", files.key, "-out", files.certificate, "-noenc", "-subj", `/CN=${subject}`,
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", ...days);
  chmodSync(files.key, 0o600);
  return { ...files, flags: ["--tls-certificate", files.certificate, "--tls-private-key", files.key] };
}

/** A self-signed certificate that has expired. Needs a small authority, since `req -x509` knows no past. */
export function makeExpired(directory) {
  const made = makeCertificate(directory, { name: "expired" });
  openssl("x509", "-in", made.certificate, "-signkey", made.key, "-days", "-1", "-out", made.certificate);
  return made;
}

/** `openssl s_client` once. @returns {{status: number, text: string}} */
export function sayHello(port, args = [], input = "") {
  const done = spawnSync("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...args], { input, encoding: "utf8", timeout: 20_000 });
  return { status: done.status, text: done.stdout + done.stderr };
}
