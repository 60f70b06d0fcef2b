// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/keys.h"
#include "countersign/secret.h"

namespace countersign::server {

enum class TokenKind : unsigned char { App, Session, Receipt };

/// Who a token speaks for. All of it is in the digest, so a row given another owner opens nothing.
struct TokenOwner {
    std::string_view realm;
    std::string_view user;     ///< empty for an application key
    std::string_view id;       ///< the row's own name
    std::string_view purpose;  ///< empty for an application key
};

/// `cs_app_`, `cs_ses_` or `cs_rcp_` and 32 random bytes in base64url.
[[nodiscard]] Secret make_token(TokenKind kind);
/// The outward form only: prefix, length, alphabet.
[[nodiscard]] bool looks_like_token(TokenKind kind, std::string_view token) noexcept;

/// Finds the row; known before the owner is.
[[nodiscard]] Digest token_lookup(const Keys& keys, TokenKind kind, std::string_view token);
/// Proves that the row found is the token's own.
[[nodiscard]] Digest token_binding(const Keys& keys, TokenKind kind, std::string_view token,
                                   const TokenOwner& owner);

/// What a receipt belongs to. All of it is in the digest, so that it is found with all of it or not at all (L14).
struct ReceiptOwner {
    std::string_view realm;
    std::string_view app_key;
    std::string_view user;
    std::string_view challenge;
    std::string_view purpose;
};
[[nodiscard]] Digest receipt_lookup(const Keys& keys, std::string_view receipt, const ReceiptOwner& owner);

/// SHA-256 of the token's text in lower-case hexadecimal, which its holder can compute too. Not what is stored.
[[nodiscard]] std::string token_sha256(std::string_view token);

/// A random name that says what it names: `app_`, `ses_`, `chl_` or `crd_` and 16 symbols of 5 bits.
[[nodiscard]] std::string make_random_id(std::string_view prefix);

}  // namespace countersign::server
