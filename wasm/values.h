// SPDX-License-Identifier: Apache-2.0
// How values cross between JavaScript and the core: copied both ways, and wiped on the way out of C++.
// Text and secrets come in as Uint8Array, never as a string, because Embind's own string conversion
// leaves copies in the freed heap.
#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "countersign/error.h"
#include "countersign/result.h"
#include "countersign/secret.h"

namespace countersign::wasm {

using emscripten::val;

/// Copies a Uint8Array into memory that is wiped. No view outlives the copy.
inline Secret secret_from(const val& bytes) {
    Secret copy(bytes["length"].as<std::size_t>());
    const auto room = copy.writable();
    val(emscripten::typed_memory_view(room.size(), room.data())).call<void>("set", bytes);
    return copy;
}

/// Copies bytes out into a Uint8Array of its own: a view would end when the heap grows.
inline val bytes_to_js(SecretView bytes) {
    return val(emscripten::typed_memory_view(bytes.size(), bytes.data())).call<val>("slice");
}

inline val secret_to_js(const Secret& secret) { return bytes_to_js(secret.bytes()); }

/// For text that is not secret.
inline val text_to_js(std::string_view text) { return val(std::string(text)); }

/// `{ok: true, value}` or `{ok: false, code}`: the only way in which an answer leaves the core.
template <class T, class Convert>
val to_js(const Result<T>& result, Convert&& convert) {
    val answer = val::object();
    answer.set("ok", result.has_value());
    if (result) {
        answer.set("value", convert(*result));
    } else {
        answer.set("code", text_to_js(error_name(result.error().code)));
    }
    return answer;
}

inline val to_js(const Result<Secret>& result) { return to_js(result, secret_to_js); }

}  // namespace countersign::wasm
