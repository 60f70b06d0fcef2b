// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "countersign/secret.h"

namespace countersign {

/// Text that grows at its end and is a secret from its first character: what it outgrows is wiped.
class SecretText {
  public:
    explicit SecretText(std::size_t capacity) : buffer_(capacity) {}

    void append(char character);
    void append(std::string_view text);
    void append_number(std::uint64_t number);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Hands the text over; this object is empty afterwards.
    [[nodiscard]] Secret take() noexcept;

  private:
    void reserve(std::size_t extra);

    Secret buffer_;
    std::size_t size_ = 0;
};

}  // namespace countersign
