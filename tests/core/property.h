// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "countersign/otpauth_uri.h"
#include "countersign/secret.h"

// Properties are checked on cases drawn from a seed. It is printed, stands in every failure, and
// COUNTERSIGN_SEED sets it.

/// Draws from the seed of this run, mixed with the property's name, so that each can be had again alone.
class Draw {
  public:
    explicit Draw(std::string_view property);

    [[nodiscard]] std::uint64_t word() { return engine_(); }
    /// A number of a range, both ends included.
    [[nodiscard]] std::int64_t between(std::int64_t least, std::int64_t most);
    [[nodiscard]] bool coin() { return (word() >> 63) != 0; }
    [[nodiscard]] std::vector<std::uint8_t> bytes(std::size_t least, std::size_t most);
    [[nodiscard]] countersign::Secret secret(std::size_t least, std::size_t most);
    /// `least` to `most` of the characters; each may be several bytes.
    [[nodiscard]] std::string text(const std::vector<std::string>& characters, std::size_t least, std::size_t most);
    [[nodiscard]] countersign::TotpParameters parameters();
    /// What `build_otpauth_uri` accepts.
    [[nodiscard]] countersign::OtpauthUri uri();

    [[nodiscard]] std::uint32_t seed() const { return seed_; }

  private:
    [[nodiscard]] std::string name();

    std::uint32_t seed_;
    std::mt19937_64 engine_;
};

/// Checks a property on `rounds` cases; a failure names seed and round.
template <class Property>
void for_all(std::string_view name, int rounds, const Property& property) {
    Draw draw(name);
    for (int round = 0; round < rounds; ++round) {
        INFO(name << ", round " << round << ": COUNTERSIGN_SEED=" << draw.seed() << " draws it again");
        property(draw);
    }
}
