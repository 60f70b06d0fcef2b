// SPDX-License-Identifier: Apache-2.0
#include "app/tokens.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace countersign::server {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenSymbols = 43;

std::string_view prefix_of(TokenKind kind) noexcept {
    switch (kind) {
        case TokenKind::App: return "cs_app_";
        case TokenKind::Session: return "cs_ses_";
        case TokenKind::Receipt: break;
    }
    return "cs_rcp_";
}

bool is_base64url(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

Secret make_token(TokenKind kind) {
    const std::string_view prefix = prefix_of(kind);
    const Secret bytes = Secret::random(kTokenBytes);
    Secret token(prefix.size() + kTokenSymbols + 1);  // sodium writes a NUL
    const auto out = token.writable();
    std::ranges::copy(prefix, out.begin());
    sodium_bin2base64(reinterpret_cast<char*>(out.data() + prefix.size()), kTokenSymbols + 1, bytes.bytes().data(),
                      bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    token.truncate(token.size() - 1);
    return token;
}

bool looks_like_token(TokenKind kind, std::string_view token) noexcept {
    const std::string_view prefix = prefix_of(kind);
    return token.size() == prefix.size() + kTokenSymbols && token.starts_with(prefix) &&
           std::ranges::all_of(token, is_base64url);
}

Digest token_lookup(const Keys& keys, TokenKind kind, std::string_view token) {
    return keys.token_hash({"cs-token-1", prefix_of(kind), token});
}

Digest token_binding(const Keys& keys, TokenKind kind, std::string_view token, const TokenOwner& owner) {
    return keys.token_hash(
        {"cs-binding-1", prefix_of(kind), token, owner.realm, owner.user, owner.id, owner.purpose});
}

Digest receipt_lookup(const Keys& keys, std::string_view receipt, const ReceiptOwner& owner) {
    return keys.token_hash({"cs-receipt-1", receipt, owner.realm, owner.app_key, owner.user, owner.challenge,
                            owner.purpose});
}

std::string token_sha256(std::string_view token) {
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const std::uint8_t*>(token.data()), token.size());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text{};
    return sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
}

std::string make_random_id(std::string_view prefix) {
    static constexpr std::string_view kSymbols = "abcdefghijklmnopqrstuvwxyz234567";
    std::array<std::uint8_t, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string id(prefix);
    for (const std::uint8_t byte : bytes) id += kSymbols[byte & 31U];
    return id;
}

}  // namespace countersign::server
