// SPDX-License-Identifier: Apache-2.0
#include "app/mail_kind.h"

#include <algorithm>
#include <array>

namespace countersign::server {
namespace {

constexpr std::array<std::string_view, kMailKindCount> kNames{
    "code",      "method_added",  "method_removed", "address_changed", "code_used", "backup_code_issued",
    "fallback_used", "locked", "many_failures",  "disabled",        "replayed"};

}  // namespace

std::string_view mail_kind_name(MailKind kind) noexcept { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<MailKind> parse_mail_kind(std::string_view name) noexcept {
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<MailKind>(found - kNames.begin());
}

}  // namespace countersign::server
