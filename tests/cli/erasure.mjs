// SPDX-License-Identifier: Apache-2.0
// What the event of a deletion says of the records it erased, computed by somebody else: BLAKE2b of python's library,
// as audit_chain.h and audit_erasure.h have it. All but the proof, which takes the master key.
import { execFileSync } from "node:child_process";

const program = `
import hashlib, json, struct, sys
h = lambda data: hashlib.blake2b(data, digest_size=32).digest()
part = lambda data: struct.pack("<I", len(data)) + data
def remains(row):
    texts = [bytes.fromhex(row["hash"]), row["realm"].encode(), b"", row["event"].encode(), row["method"].encode(), b"", row["deletion"].encode()]
    return h(b"cs-audit-1" + struct.pack("<q", row["at"]) + b"".join(part(text) for text in texts))
head = bytes(32)
rows = json.load(sys.stdin)
for number, each in enumerate(sorted(remains(row) for row in rows), 1):
    head = h(b"cs-chain-1" + struct.pack("<Q", number) + head + each)
print("records=%d digest=%s" % (len(rows), head.hex()))
`;

/** @param {{at: number, record_hash: Uint8Array, realm: string, event: string, method: string}[]} rows */
export function erasureOf(deletion, rows) {
  const told = rows.map(({ at, record_hash: hash, realm, event, method }) => ({ at, hash: Buffer.from(hash).toString("hex"), realm, event, method, deletion }));
  return execFileSync("/usr/bin/python3", ["-c", program], { input: JSON.stringify(told), encoding: "utf8" }).trim();
}
