// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "countersign/secret.h"
#include "countersign/totp.h"
#include "primitives.h"
#include "sha1.h"

namespace countersign {

/// An HMAC (RFC 2104); the owner wipes it.
struct Digest {
    std::array<std::uint8_t, 64> bytes{};
    std::size_t size = 0;  ///< 20, 32 or 64
};

/// A key taken in once, for any number of messages: the window of one verification shares it, which
/// saves half of the hashing. Wiped on destruction.
class HmacKey {
  public:
    HmacKey(Algorithm algorithm, SecretView key) noexcept;
    ~HmacKey();
    HmacKey(const HmacKey&) = delete;
    HmacKey& operator=(const HmacKey&) = delete;

    void sign(SecretView message, Digest& digest) const noexcept;

  private:
    struct Sha1Pair {
        Sha1State inner;
        Sha1State outer;
    };

    void start_sha1(SecretView key) noexcept;
    void finish_sha1(SecretView message, std::span<std::uint8_t, kSha1DigestBytes> digest) const noexcept;

    Algorithm algorithm_;
    union {
        Sha1Pair sha1_;
        HmacSha256State sha256_;
        HmacSha512State sha512_;
    };
};

}  // namespace countersign
