// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace countersign::server {

struct CatalogQuestion {
    std::string_view id;  ///< stable for ever: answers are stretched with it
    std::string_view text;
};

/// The questions that we offer (R24). None asks for what stands in registers, on profiles or on an application form,
/// such as a mother's maiden name or a place of birth; each has many answers, and one that stays. A question is never
/// reworded under its id nor taken out: whoever has answered it would no longer get in.
[[nodiscard]] std::span<const CatalogQuestion> question_catalog() noexcept;

/// The text; nothing when there is no such question.
[[nodiscard]] std::optional<std::string_view> find_catalog_question(std::string_view id) noexcept;

}  // namespace countersign::server
