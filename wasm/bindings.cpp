// SPDX-License-Identifier: Apache-2.0
// The tables of the core, randomness and base32 under the names that js-bindings/src/wasm/raw.ts types.
#include <emscripten/bind.h>

#include "countersign/base32.h"
#include "countersign/otpauth_uri.h"
#include "countersign/totp.h"
#include "countersign/version.h"
#include "tables.h"
#include "values.h"

namespace countersign::wasm {
namespace {

val version() { return text_to_js(kVersion); }

val uri_warnings() {
    return table_of(
        kUriWarningCount, [](int i) { return uri_warning_name(static_cast<UriWarning>(i)); },
        [](int i) { return uri_warning_sentence(static_cast<UriWarning>(i)); });
}

/// In the order of the enumeration: a number that crosses the border is an index into this.
val algorithms() {
    val names = val::array();
    for (const auto algorithm : {Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512}) {
        names.call<void>("push", text_to_js(algorithm_name(algorithm)));
    }
    return names;
}

val random_secret(unsigned size) { return secret_to_js(Secret::random(size)); }

val encode_base32_js(const val& bytes) { return secret_to_js(encode_base32(secret_from(bytes).bytes())); }

val decode_base32_js(const val& text) { return to_js(decode_base32(secret_from(text).text())); }

}  // namespace

EMSCRIPTEN_BINDINGS(countersign) {
    emscripten::function("version", &version);
    emscripten::function("errors", &errors);
    emscripten::function("uriWarnings", &uri_warnings);
    emscripten::function("algorithms", &algorithms);
    emscripten::function("randomSecret", &random_secret);
    emscripten::function("encodeBase32", &encode_base32_js);
    emscripten::function("decodeBase32", &decode_base32_js);
}

}  // namespace countersign::wasm
