// SPDX-License-Identifier: Apache-2.0
#include "app/email_address.h"

#include <algorithm>

namespace countersign::server {
namespace {

constexpr std::size_t kMaxLocalBytes = 64;
constexpr std::size_t kMaxDomainBytes = 253;
constexpr std::size_t kMaxLabelBytes = 63;

constexpr bool is_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// `atext` of RFC 5322, 3.2.3.
constexpr bool is_atom_symbol(char c) noexcept {
    return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

template <class Allowed>
bool every_part(std::string_view text, Allowed allowed) {
    for (;;) {
        const std::size_t dot = text.find('.');
        if (!allowed(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_local_part(std::string_view text) {
    return text.size() <= kMaxLocalBytes && every_part(text, [](std::string_view atom) {
        return !atom.empty() && std::ranges::all_of(atom, is_atom_symbol);
    });
}

bool is_domain(std::string_view text) {
    return text.size() <= kMaxDomainBytes && every_part(text, [](std::string_view label) {
        return !label.empty() && label.size() <= kMaxLabelBytes && label.front() != '-' && label.back() != '-' &&
               std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
    });
}

}  // namespace

bool is_email_address(std::string_view text) noexcept {
    const std::size_t at = text.find('@');
    return at != std::string_view::npos && is_local_part(text.substr(0, at)) && is_domain(text.substr(at + 1));
}

std::string canonical_email_address(std::string_view address) {
    std::string canonical(address);
    std::transform(canonical.begin() + static_cast<std::ptrdiff_t>(canonical.find('@')), canonical.end(),
                   canonical.begin() + static_cast<std::ptrdiff_t>(canonical.find('@')),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return canonical;
}

std::string mask_email_address(std::string_view address) {
    const std::size_t at = address.find('@');
    return std::string(address.substr(0, at > 1 ? 1 : 0)).append("\u2022\u2022\u2022\u2022").append(address.substr(at));
}

bool is_same_mailbox(std::string_view one, std::string_view other) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace countersign::server
