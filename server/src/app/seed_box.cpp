// SPDX-License-Identifier: Apache-2.0
#include "app/seed_box.h"

#include <sodium.h>

namespace countersign::server {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

std::vector<std::uint8_t> associated_data(const Keys& keys, const SeedPlace& place) {
    return join_length_prefixed(
        {"cs-seed-1", place.realm, place.user, place.method, place.credential, keys.id()});
}

}  // namespace

std::vector<std::uint8_t> seal_seed(const Keys& keys, const SeedPlace& place, SecretView seed) {
    const auto bound = associated_data(keys, place);
    std::vector<std::uint8_t> sealed(kNonce + seed.size() + kTag);
    randombytes_buf(sealed.data(), kNonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonce, nullptr, seed.data(), seed.size(),
                                               bound.data(), bound.size(), nullptr, sealed.data(),
                                               keys.seal().data());
    return sealed;
}

std::optional<Secret> open_seed(const Keys& keys, const SeedPlace& place, std::span<const std::uint8_t> sealed) {
    if (sealed.size() < kNonce + kTag) return std::nullopt;
    const auto bound = associated_data(keys, place);
    Secret seed(sealed.size() - kNonce - kTag);
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        seed.writable().data(), nullptr, nullptr, sealed.data() + kNonce, sealed.size() - kNonce, bound.data(),
        bound.size(), sealed.data(), keys.seal().data());
    if (opened != 0) return std::nullopt;
    return seed;
}

}  // namespace countersign::server
