// SPDX-License-Identifier: Apache-2.0
#include "app/keys.h"

#include <sodium.h>

#include <cassert>
#include <cstdlib>
#include <utility>

namespace countersign::server {
namespace {

static_assert(crypto_kdf_KEYBYTES == 32 && crypto_kdf_CONTEXTBYTES == 8);

/// More than libsodium has in its frames, where it leaves keys and the end of what it hashed.
constexpr std::size_t kLibraryStackBytes = 8192;

Secret derive(SecretView master, const char (&context)[crypto_kdf_CONTEXTBYTES + 1]) {
    if (sodium_init() < 0) std::abort();  // no randomness: nothing here could be kept secret
    Secret key(32);
    crypto_kdf_derive_from_key(key.writable().data(), key.size(), 1, context, master.data());
    sodium_stackzero(kLibraryStackBytes);
    return key;
}

std::string hexadecimal(SecretView bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

}  // namespace

std::vector<std::uint8_t> join_length_prefixed(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const std::string_view part : parts) size += 4 + part.size();
    std::vector<std::uint8_t> out;
    out.reserve(size);
    for (const std::string_view part : parts) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            out.push_back(static_cast<std::uint8_t>(part.size() >> shift & 0xFFU));
        }
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

Keys::Keys(SecretView master)
    : seal_(derive(master, "cs-seal_")),
      token_(derive(master, "cs-tokn_")),
      audit_(derive(master, "cs-audt_")),
      salt_(derive(master, "cs-salt_")),
      pepper_(derive(master, "cs-pepp_")),
      outbox_(derive(master, "cs-outb_")) {
    assert(master.size() == crypto_kdf_KEYBYTES);
    const Digest named = token_hash({"cs-key-id-1"});
    id_ = hexadecimal(SecretView(named).first(8));
    check_ = token_hash({"cs-key-check-1"});
}

void Keys::keep_hashing_with(Secret token, Secret salt, Secret pepper) {
    token_ = std::move(token);
    salt_ = std::move(salt);
    pepper_ = std::move(pepper);
}

void Keys::set_previous(Keys previous) { previous_ = std::make_shared<const Keys>(std::move(previous)); }

Digest Keys::token_hash(std::initializer_list<std::string_view> parts) const {
    std::vector<std::uint8_t> message = join_length_prefixed(parts);
    Digest digest{};
    crypto_generichash(digest.data(), digest.size(), message.data(), message.size(), token_.bytes().data(),
                       token_.size());
    sodium_stackzero(kLibraryStackBytes);
    wipe_memory(message.data(), message.size());  // one of the parts may be a token
    return digest;
}

}  // namespace countersign::server
