// SPDX-License-Identifier: Apache-2.0
// The widget's end of a sealed box: its keys, and opening. Sealing is the server's.
#include <emscripten/bind.h>

#include <algorithm>
#include <optional>

#include "countersign/sealed_box.h"
#include "values.h"

namespace countersign::wasm {
namespace {

val make_box_key_pair_js() {
    const BoxKeyPair keys = make_box_key_pair();
    val value = val::object();
    value.set("publicKey", bytes_to_js(keys.public_key));
    value.set("secretKey", secret_to_js(keys.secret_key));
    return value;
}

Result<BoxKeyPair> key_pair_from(const val& public_key, const val& secret_key) {
    const Secret shown = secret_from(public_key);
    BoxKeyPair keys;
    if (shown.size() != keys.public_key.size()) return fail(ErrorCode::BoxKeyMalformed);
    std::copy(shown.bytes().begin(), shown.bytes().end(), keys.public_key.begin());
    keys.secret_key = secret_from(secret_key);
    return keys;
}

val open_box_js(const val& public_key, const val& secret_key, const val& session, const val& user,
                const val& pending_id, const val& sealed) {
    return to_js(key_pair_from(public_key, secret_key).and_then([&](const BoxKeyPair& keys) {
        const Secret in_session = secret_from(session);
        const Secret of_user = user.isNull() ? Secret() : secret_from(user);
        const Secret of_pending = secret_from(pending_id);
        ExpectedBox expected{in_session.text(), std::nullopt, of_pending.text()};
        if (!user.isNull()) expected.user = of_user.text();
        return open_box(keys, expected, secret_from(sealed).bytes());
    }));
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_sealed_box) {
    emscripten::function("makeBoxKeyPair", &make_box_key_pair_js);
    emscripten::function("openBox", &open_box_js);
}

}  // namespace countersign::wasm
