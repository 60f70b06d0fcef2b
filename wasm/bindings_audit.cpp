// SPDX-License-Identifier: Apache-2.0
// The audit chain as a page proves it: records hashed, checkpoints read, one shown to extend another. Signing is
// the server's, and signatures are checked by WebCrypto: Ed25519 of libsodium would bring a table of 30 KB.
#include <emscripten/bind.h>

#include <array>
#include <cstdint>

#include "countersign/audit_chain.h"
#include "values.h"

namespace countersign::wasm {
namespace {

/// @param fields  nonce, realm, user, event, method, credential, detail
val hash_audit_record_js(double seconds, const val& fields) {
    std::array<Secret, 7> of;
    for (unsigned i = 0; i < of.size(); ++i) of[i] = secret_from(fields[i]);
    return bytes_to_js(hash_audit_record({UnixSeconds{static_cast<std::int64_t>(seconds)}, of[0].bytes(), of[1].text(),
                                          of[2].text(), of[3].text(), of[4].text(), of[5].text(), of[6].text()}));
}

val checkpoint_to_js(const SignedCheckpoint& it) {
    val value = val::object();
    value.set("epoch", static_cast<double>(it.checkpoint.epoch));
    value.set("size", static_cast<double>(it.checkpoint.size));
    value.set("head", bytes_to_js(it.checkpoint.head));
    value.set("seconds", static_cast<double>(it.checkpoint.time.value));
    value.set("signature", bytes_to_js(it.signature));
    value.set("signed", bytes_to_js(checkpoint_bytes(it.checkpoint)));
    return value;
}

val parse_checkpoint_js(const val& line) { return to_js(parse_checkpoint(secret_from(line).text()), checkpoint_to_js); }

val verify_extension_js(const val& previous, const val& next, const val& proof) {
    const auto verdict = parse_checkpoint(secret_from(previous).text()).and_then([&](const SignedCheckpoint& before) {
        return parse_checkpoint(secret_from(next).text()).and_then([&](const SignedCheckpoint& after) {
            return verify_extension(before.checkpoint, after.checkpoint, secret_from(proof).bytes());
        });
    });
    return to_js(verdict, [](ChainVerdict it) { return text_to_js(chain_verdict_name(it)); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_audit) {
    emscripten::function("hashAuditRecord", &hash_audit_record_js);
    emscripten::function("parseCheckpoint", &parse_checkpoint_js);
    emscripten::function("verifyExtension", &verify_extension_js);
}

}  // namespace countersign::wasm
