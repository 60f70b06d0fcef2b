// SPDX-License-Identifier: Apache-2.0
#include "secret_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace countersign {

void SecretText::append(char character) { append(std::string_view(&character, 1)); }

void SecretText::append(std::string_view text) {
    if (text.empty()) return;
    reserve(text.size());
    std::memcpy(buffer_.writable().data() + size_, text.data(), text.size());
    size_ += text.size();
}

void SecretText::append_number(std::uint64_t number) {
    std::array<char, 20> digits;  // 2^64 - 1 has 20
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    append(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Secret SecretText::take() noexcept {
    buffer_.truncate(std::exchange(size_, 0));
    return std::move(buffer_);
}

void SecretText::reserve(std::size_t extra) {
    const std::size_t needed = size_ + extra;
    if (needed <= buffer_.size()) return;
    Secret larger(std::max(needed, buffer_.size() * 2));
    if (size_ != 0) std::memcpy(larger.writable().data(), buffer_.bytes().data(), size_);
    buffer_ = std::move(larger);
}

}  // namespace countersign
