// SPDX-License-Identifier: Apache-2.0
#include "countersign/secret.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <type_traits>
#include <utility>

#include "../../core/src/secret_text.h"

using namespace countersign;

namespace {

template <class T>
concept Comparable = requires(const T& a, const T& b) { a == b; };
template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

bool all_zero(std::span<const std::uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

TEST_CASE("a secret can be moved, but not copied, compared or printed", "[secret]") {
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Secret>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Secret>);
    STATIC_REQUIRE_FALSE(Comparable<Secret>);
    STATIC_REQUIRE_FALSE(Printable<Secret>);
}

TEST_CASE("a moved-from secret is empty", "[secret]") {
    Secret first(std::string_view("seed"));
    Secret second(std::move(first));
    CHECK(first.empty());
    CHECK(second.text() == "seed");
    Secret third(std::string_view("other"));
    third = std::move(second);
    CHECK(second.empty());
    CHECK(third.text() == "seed");
    auto& same = third;
    third = std::move(same);
    CHECK(third.text() == "seed");
}

TEST_CASE("truncating wipes what is cut off", "[secret]") {
    Secret secret(std::string_view("0123456789"));
    const auto whole = secret.writable();  // the memory stays the secret's own
    secret.truncate(4);
    CHECK(secret.text() == "0123");
    CHECK(all_zero(whole.subspan(4)));
    secret.truncate(9);
    CHECK(secret.size() == 4);
    secret.truncate(0);
    CHECK(secret.empty());
    CHECK(secret.text().empty());
}

TEST_CASE("wiping empties, and memory is zero afterwards", "[secret]") {
    std::array<std::uint8_t, 32> memory;
    memory.fill(0xaa);
    wipe_memory(memory.data(), memory.size());
    CHECK(all_zero(memory));
    wipe_memory(nullptr, 0);

    Secret secret(std::string_view("seed"));
    secret.wipe();
    CHECK(secret.empty());
    CHECK(secret.bytes().empty());
}

TEST_CASE("a clone is a second secret with the same bytes", "[secret]") {
    Secret secret(std::string_view("seed"));
    const Secret copy = secret.clone();
    secret.wipe();
    CHECK(copy.text() == "seed");
    CHECK(Secret().clone().empty());
}

TEST_CASE("random secrets differ, and no bit of them stands still", "[secret]") {
    const Secret first = Secret::random(32);
    CHECK(first.size() == 32);
    CHECK_FALSE(equal_constant_time(first.bytes(), Secret::random(32).bytes()));
    CHECK(Secret::random(0).empty());

    std::array<std::uint8_t, 32> ever_set{};
    std::array<std::uint8_t, 32> ever_clear{};
    for (int round = 0; round < 64; ++round) {  // a given bit misses one of both once in 2^63
        const Secret sample = Secret::random(32);
        for (std::size_t i = 0; i < 32; ++i) {
            ever_set[i] |= sample.bytes()[i];
            ever_clear[i] |= static_cast<std::uint8_t>(~sample.bytes()[i]);
        }
    }
    CHECK(std::count(ever_set.begin(), ever_set.end(), 0xff) == 32);
    CHECK(std::count(ever_clear.begin(), ever_clear.end(), 0xff) == 32);
}

TEST_CASE("comparison needs equal length and equal bytes", "[secret]") {
    const Secret seed(std::string_view("seed"));
    CHECK(equal_constant_time(seed.bytes(), Secret(std::string_view("seed")).bytes()));
    CHECK_FALSE(equal_constant_time(seed.bytes(), Secret(std::string_view("seex")).bytes()));
    CHECK_FALSE(equal_constant_time(seed.bytes(), Secret(std::string_view("see")).bytes()));
    CHECK_FALSE(equal_constant_time(seed.bytes(), {}));
    CHECK(equal_constant_time({}, {}));
}

TEST_CASE("text made of a secret grows without losing a character", "[secret]") {
    SecretText text(1);
    std::string expected;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        text.append_number(i);
        text.append(',');
        text.append("");
        expected += std::to_string(i) + ",";
    }
    text.append_number(~std::uint64_t{0});
    CHECK(text.take().text() == expected + "18446744073709551615");
    CHECK(text.take().empty());
}
