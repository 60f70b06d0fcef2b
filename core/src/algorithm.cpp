// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "countersign/totp.h"

// The names of the algorithms and of the outcomes, as the command line and HTTP spell them.
namespace countersign {
namespace {

constexpr std::array<std::string_view, 3> kAlgorithmNames{"sha1", "sha256", "sha512"};
constexpr std::array<std::string_view, 3> kOutcomeNames{"accepted", "rejected", "replayed"};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// True for `sha256`, `SHA256` and `SHA-256` alike; the dash is allowed in that one place.
constexpr bool names_algorithm(std::string_view text, std::string_view name) {
    if (text.size() == name.size() + 1 && text[3] == '-') {
        if (!names_algorithm(text.substr(0, 3), name.substr(0, 3))) return false;
        return text.substr(4) == name.substr(3);
    }
    if (text.size() != name.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i)
        if (lower(text[i]) != name[i]) return false;
    return true;
}

}  // namespace

std::string_view algorithm_name(Algorithm algorithm) noexcept {
    return kAlgorithmNames[static_cast<std::size_t>(algorithm)];
}

Result<Algorithm> parse_algorithm(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kAlgorithmNames.size(); ++i)
        if (names_algorithm(text, kAlgorithmNames[i])) return static_cast<Algorithm>(i);
    return fail(ErrorCode::AlgorithmUnknown);
}

std::string_view outcome_name(Outcome outcome) noexcept {
    return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

}  // namespace countersign
