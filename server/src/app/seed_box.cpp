// SPDX-License-Identifier: Apache-2.0
#include "app/seed_box.h"

#include <sodium.h>

namespace countersign::server {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

/// Under which key, and what it is bound to besides.
struct Seal {
    SecretView key;
    std::vector<std::uint8_t> bound;
};

Seal seal_of(const Keys& keys, SecretView key, std::string_view format, const SeedPlace& place) {
    return {key, join_length_prefixed({format, place.realm, place.user, place.method, place.credential, keys.id()})};
}

std::vector<std::uint8_t> close(const Seal& seal, SecretView content) {
    std::vector<std::uint8_t> sealed(kNonce + content.size() + kTag);
    randombytes_buf(sealed.data(), kNonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonce, nullptr, content.data(), content.size(),
                                               seal.bound.data(), seal.bound.size(), nullptr, sealed.data(),
                                               seal.key.data());
    return sealed;
}

std::optional<Secret> open(const Seal& seal, std::span<const std::uint8_t> sealed) {
    if (sealed.size() < kNonce + kTag) return std::nullopt;
    Secret content(sealed.size() - kNonce - kTag);
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        content.writable().data(), nullptr, nullptr, sealed.data() + kNonce, sealed.size() - kNonce, seal.bound.data(),
        seal.bound.size(), sealed.data(), seal.key.data());
    if (opened != 0) return std::nullopt;
    return content;
}

constexpr std::string_view kSeedFormat = "cs-seed-1";
constexpr std::string_view kAddressFormat = "cs-address-1";
constexpr std::string_view kMailFormat = "cs-mail-1";
constexpr std::string_view kKeptFormat = "cs-kept-1";

SecretView key_for(const Keys& keys, std::string_view format) {
    return format == kMailFormat ? keys.outbox() : keys.seal();
}

std::vector<std::uint8_t> close_as(std::string_view format, const Keys& keys, const SeedPlace& place,
                                   SecretView content) {
    return close(seal_of(keys, key_for(keys, format), format, place), content);
}

/// The key that the row names. In a rotation that may be the one before, but who has only that one cannot pass
/// what he sealed for a row of the new one.
const Keys* keys_of(const Keys& keys, std::string_view key_id) {
    if (key_id.empty() || key_id == keys.id()) return &keys;
    const Keys* const previous = keys.previous();
    return previous != nullptr && key_id == previous->id() ? previous : nullptr;
}

std::optional<Secret> open_as(std::string_view format, const Keys& keys, const SeedPlace& place,
                              std::span<const std::uint8_t> sealed) {
    const Keys* const under = keys_of(keys, place.key_id);
    if (under == nullptr) return std::nullopt;
    return open(seal_of(*under, key_for(*under, format), format, place), sealed);
}

}  // namespace

std::vector<std::uint8_t> seal_seed(const Keys& keys, const SeedPlace& place, SecretView seed) {
    return close_as(kSeedFormat, keys, place, seed);
}

std::optional<Secret> open_seed(const Keys& keys, const SeedPlace& place, std::span<const std::uint8_t> sealed) {
    return open_as(kSeedFormat, keys, place, sealed);
}

std::vector<std::uint8_t> seal_address(const Keys& keys, const SeedPlace& place, std::string_view address) {
    return close_as(kAddressFormat, keys, place,
                    {reinterpret_cast<const std::uint8_t*>(address.data()), address.size()});
}

std::optional<std::string> open_address(const Keys& keys, const SeedPlace& place,
                                        std::span<const std::uint8_t> sealed) {
    const auto address = open_as(kAddressFormat, keys, place, sealed);
    if (!address) return std::nullopt;
    return std::string(address->text());
}

std::vector<std::uint8_t> seal_mail(const Keys& keys, const SeedPlace& place, SecretView content) {
    return close_as(kMailFormat, keys, place, content);
}

std::optional<Secret> open_mail(const Keys& keys, const SeedPlace& place, std::span<const std::uint8_t> sealed) {
    return open_as(kMailFormat, keys, place, sealed);
}

std::vector<std::uint8_t> seal_kept(const Keys& keys, std::string_view name, SecretView content) {
    return close_as(kKeptFormat, keys, {"", "", name, ""}, content);
}

std::optional<Secret> open_kept(const Keys& keys, std::string_view name, std::span<const std::uint8_t> sealed) {
    return open_as(kKeptFormat, keys, {"", "", name, ""}, sealed);
}

std::optional<std::vector<std::uint8_t>> seal_anew(const Keys& keys, const SeedPlace& place,
                                                   std::span<const std::uint8_t> sealed) {
    if (sealed.size() < kNonce + kTag) return std::vector<std::uint8_t>(sealed.begin(), sealed.end());
    if (keys.previous() == nullptr) return std::nullopt;
    const Keys& previous = *keys.previous();
    for (const std::string_view format : {kSeedFormat, kAddressFormat, kMailFormat}) {
        const auto content = open(seal_of(previous, key_for(previous, format), format, place), sealed);
        if (content) return close_as(format, keys, place, content->bytes());
    }
    return std::nullopt;
}

}  // namespace countersign::server
