// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "countersign/secret.h"

/// Ends the run, as a crash does, when an invariant does not hold. libFuzzer keeps the input.
inline void require(bool holds, const char* invariant) {
    if (holds) return;
    std::fprintf(stderr, "INVARIANT BROKEN: %s\n", invariant);
    std::abort();
}

inline bool same(countersign::SecretView a, countersign::SecretView b) {
    return countersign::equal_constant_time(a, b);
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline countersign::SecretView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// An exact copy on the heap, so that one byte read beyond it is seen.
class Exact {
  public:
    explicit Exact(std::string_view text) : size_(text.size()), data_(new char[text.size()]) {
        for (std::size_t i = 0; i < size_; ++i) data_[i] = text[i];
    }
    ~Exact() { delete[] data_; }
    Exact(const Exact&) = delete;
    Exact& operator=(const Exact&) = delete;
    [[nodiscard]] std::string_view text() const { return {data_, size_}; }

  private:
    std::size_t size_;
    char* data_;
};
