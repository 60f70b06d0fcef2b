// SPDX-License-Identifier: Apache-2.0
#include "app/credential_acl.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include <catch2/catch.hpp>

using countersign::server::list_names_one_reader;

namespace {

constexpr std::uint32_t kNobody = 0xffffffffU;

struct Entry {
    std::uint16_t tag;
    std::uint16_t rights;
    std::uint32_t id = kNobody;
};

/// As the kernel hands it out.
std::vector<std::uint8_t> list_of(std::initializer_list<Entry> entries, std::uint32_t version = 2) {
    std::vector<std::uint8_t> bytes;
    const auto append = [&bytes](std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    append(version, 4);
    for (const Entry& entry : entries) {
        append(entry.tag, 2);
        append(entry.rights, 2);
        append(entry.id, 4);
    }
    return bytes;
}

constexpr std::uint16_t kRead = 4;
constexpr std::uint16_t kReadWrite = 6;

}  // namespace

TEST_CASE("a credential of systemd's is one reader's, although its mode shows a group's bit [R20]") {
    const auto list = list_of({{1, kRead}, {2, kRead, 997}, {4, 0}, {16, kRead}, {32, 0}});
    CHECK(list_names_one_reader(list, 997));
    CHECK_FALSE(list_names_one_reader(list, 998));
}

TEST_CASE("a list that gives anything to anybody else is refused [R20]") {
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {2, kRead, 997}, {2, kRead, 33}, {4, 0}, {16, kRead}, {32, 0}}), 997));
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {2, kRead, 997}, {4, kRead}, {16, kRead}, {32, 0}}), 997));
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {2, kRead, 997}, {4, 0}, {8, kRead, 33}, {16, kRead}, {32, 0}}), 997));
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {2, kRead, 997}, {4, 0}, {16, kRead}, {32, kRead}}), 997));
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {2, kReadWrite, 997}, {4, 0}, {16, kReadWrite}, {32, 0}}), 997));
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {64, kRead, 997}, {16, kRead}}), 997));
}

TEST_CASE("no list, half a list and another version are refused [R20]") {
    CHECK_FALSE(list_names_one_reader(std::vector<std::uint8_t>{}, 997));
    CHECK_FALSE(list_names_one_reader(list_of({}), 997));
    auto cut = list_of({{1, kRead}, {2, kRead, 997}});
    cut.pop_back();
    CHECK_FALSE(list_names_one_reader(cut, 997));
    CHECK_FALSE(list_names_one_reader(list_of({{1, kRead}, {2, kRead, 997}}, 3), 997));
    CHECK_FALSE(list_names_one_reader(-1, 997));
}
