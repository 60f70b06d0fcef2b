// SPDX-License-Identifier: Apache-2.0
#include "hmac.h"

#include <algorithm>
#include <span>

namespace countersign {

HmacKey::HmacKey(Algorithm algorithm, SecretView key) noexcept : algorithm_(algorithm), sha512_() {
    switch (algorithm_) {
        case Algorithm::Sha1: start_sha1(key); break;
        case Algorithm::Sha256: start_hmac(sha256_, key); break;
        case Algorithm::Sha512: start_hmac(sha512_, key); break;
    }
}

HmacKey::~HmacKey() { wipe_memory(&sha512_, sizeof sha512_); }  // the largest member covers the others

void HmacKey::sign(SecretView message, Digest& digest) const noexcept {
    const std::span<std::uint8_t, 64> out(digest.bytes);
    switch (algorithm_) {
        case Algorithm::Sha1:
            finish_sha1(message, out.first<kSha1DigestBytes>());
            digest.size = kSha1DigestBytes;
            break;
        case Algorithm::Sha256:
            finish_hmac(sha256_, message, out.first<32>());
            digest.size = 32;
            break;
        case Algorithm::Sha512:
            finish_hmac(sha512_, message, out);
            digest.size = 64;
            break;
    }
}

void HmacKey::start_sha1(SecretView key) noexcept {
    std::array<std::uint8_t, kSha1BlockBytes> pad{};
    if (key.size() > pad.size()) {
        Sha1State hash = kSha1Initial;
        sha1_finish(hash, 0, key, std::span(pad).first<kSha1DigestBytes>());
        wipe_memory(hash.data(), sizeof hash);
    } else {
        std::copy(key.begin(), key.end(), pad.begin());
    }
    sha1_ = {kSha1Initial, kSha1Initial};
    for (auto& byte : pad) byte ^= 0x36U;
    sha1_compress(sha1_.inner, pad);
    for (auto& byte : pad) byte ^= 0x36U ^ 0x5cU;
    sha1_compress(sha1_.outer, pad);
    wipe_memory(pad.data(), pad.size());
}

void HmacKey::finish_sha1(SecretView message,
                          std::span<std::uint8_t, kSha1DigestBytes> digest) const noexcept {
    Sha1Pair hash = sha1_;
    sha1_finish(hash.inner, kSha1BlockBytes, message, digest);
    sha1_finish(hash.outer, kSha1BlockBytes, digest, digest);
    wipe_memory(&hash, sizeof hash);
}

}  // namespace countersign
