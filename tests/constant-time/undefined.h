// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <valgrind/memcheck.h>

#include "countersign/secret.h"

// The method: what is secret is marked undefined, and valgrind's memcheck follows each bit of it through
// registers and memory. It complains where such a bit decides a branch or an address, which is what a
// stopwatch or a shared cache can see. (After A. Langley's ctgrind.)
namespace constant_time {

inline void mark_secret(std::span<std::uint8_t> bytes) { (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size()); }

/// The bytes of a text as a secret that valgrind follows.
inline countersign::Secret secret_of(std::string_view text) {
    countersign::Secret secret(text);
    mark_secret(secret.writable());
    return secret;
}

inline countersign::Secret secret_of(countersign::SecretView bytes) {
    countersign::Secret secret(bytes);
    mark_secret(secret.writable());
    return secret;
}

/// For what is checked after the work is done and counted: the answer.
inline void mark_known(countersign::SecretView bytes) { (void)VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size()); }
template <class T>
    requires std::is_trivially_copyable_v<T>
T known(const T& value) {
    (void)VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
    return value;
}

/// How often `work` let something undefined decide a branch or an address.
template <class Work>
unsigned long leaks_of(Work&& work) {
    const unsigned long before = VALGRIND_COUNT_ERRORS;
    work();
    return VALGRIND_COUNT_ERRORS - before;
}

}  // namespace constant_time
