// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/error.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign::server {

inline constexpr std::size_t kMinSeedBytes = 16;
inline constexpr std::size_t kMaxSeedBytes = 64;

/// Where notices of an imported user go.
struct ImportContact {
    std::string address;
    std::string issuer;
};

/// One authenticator on its way in; several rows of one line are one user's.
struct ImportRow {
    std::int64_t line = 0;  ///< where it begins, from 1
    std::string user;
    Secret seed;            ///< 16 to 64 bytes
    TotpParameters parameters;
    std::string name{};
    TimeStep last_step{-1};  ///< the last one used elsewhere: none up to it is accepted here
    bool disabled = false;
    std::optional<ImportContact> contact{};
    std::vector<std::string> warnings{};  ///< names of what the reader put up with
};

struct BadRow {
    std::int64_t line = 0;
    std::string why;  ///< the rule, never a secret
};

/// What stands in a file: rows that can be imported, and lines that cannot.
struct ImportBatch {
    std::vector<ImportRow> rows;
    std::vector<BadRow> bad;  ///< by line
};

/// How a file spells its secrets. Never guessed: many a text is good in all three.
enum class SeedFormat : unsigned char {
    Base32,
    Hex,
    Ascii,  ///< the text's own bytes are the key
};

/// Errors: `import.row_invalid`, as `line N: WHY`.
[[nodiscard]] tl::unexpected<ServerError> refuse_row(std::int64_t line, const std::string& why);

/// The rows, or the first bad one as an error. Errors: `import.row_invalid`.
[[nodiscard]] Answer<std::vector<ImportRow>> all_or_none(ImportBatch batch);

/// Moves rows of a user who stands on an earlier line already to the bad ones.
void refuse_repeated_users(ImportBatch& batch);

}  // namespace countersign::server
