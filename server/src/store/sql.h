// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace countersign::server {

/// SQL text that can only be a literal: it is trusted by its type, and values are always bound.
class Sql {
  public:
    consteval Sql(const char* literal) : text_(literal) {}  // NOLINT: a literal is meant to convert
    [[nodiscard]] constexpr const char* text() const noexcept { return text_; }

  private:
    const char* text_;
};

}  // namespace countersign::server
