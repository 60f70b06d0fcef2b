// SPDX-License-Identifier: Apache-2.0
// The master key's replacement, row by row; the drill with a server is in tests/operations.
#include <catch2/catch.hpp>

#include "app/key_store.h"
#include "app/seed_box.h"
#include "stage.h"

using namespace countersign;
using namespace countersign::server;

namespace {

Keys keys_of(std::uint8_t fill) { return Keys(std::vector<std::uint8_t>(32, fill)); }

Keys rotating() {
    Keys keys = keys_of(2);
    keys.set_previous(keys_of(1));
    return keys;
}

SeedPlace place_under(const std::string& key_id) { return {"default", "ann", "totp", "crd_a", key_id}; }

}  // namespace

TEST_CASE("in a rotation a row opens under the key that it names, and under no other [R20]") {
    const std::vector<std::uint8_t> seed(20, 42);
    const Keys before = keys_of(1);
    const Keys keys = rotating();
    const auto old_row = seal_seed(before, place_under(""), seed);
    CHECK(open_seed(keys, place_under(before.id()), old_row));
    CHECK_FALSE(open_seed(keys, place_under(keys.id()), old_row));  // who has the old key alone forges no new row
    CHECK_FALSE(open_seed(keys, place_under(""), old_row));
    CHECK_FALSE(open_seed(keys, place_under("0123456789abcdef"), old_row));
    CHECK_FALSE(open_seed(keys_of(2), place_under(before.id()), old_row));
    const auto new_row = seal_seed(keys, place_under(""), seed);
    CHECK(open_seed(keys, place_under(keys.id()), new_row));
    CHECK_FALSE(open_seed(keys, place_under(before.id()), new_row));
}

TEST_CASE("what is sealed anew opens under the new key alone, at its own place [R20]") {
    const std::vector<std::uint8_t> seed(20, 42);
    const Keys before = keys_of(1);
    const Keys keys = rotating();
    const auto anew = seal_anew(keys, place_under(""), seal_seed(before, place_under(""), seed));
    REQUIRE(anew);
    CHECK(equal_constant_time(open_seed(keys_of(2), place_under(keys.id()), *anew)->bytes(), seed));
    CHECK_FALSE(open_seed(before, place_under(before.id()), *anew));
    const auto address = seal_anew(keys, place_under(""), seal_address(before, place_under(""), "ann@example.org"));
    CHECK(open_address(keys, place_under(keys.id()), *address) == "ann@example.org");
    const auto mail = seal_anew(keys, place_under(""), seal_mail(before, place_under(""), seed));
    CHECK(open_mail(keys, place_under(keys.id()), *mail));
    CHECK_FALSE(seal_anew(keys, {"default", "bob", "totp", "crd_a"}, seal_seed(before, place_under(""), seed)));
    CHECK_FALSE(seal_anew(keys_of(2), place_under(""), seal_seed(before, place_under(""), seed)));
    const std::vector<std::uint8_t> nothing{0};
    CHECK(seal_anew(keys, place_under(""), nothing) == nothing);
}

TEST_CASE("a row is sealed anew only where key and ciphertext are still what was read [R20]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    static_cast<void>(stage.enroll("bob"));
    const auto store = open_key_store(stage.data);
    REQUIRE(store);
    const auto rows = (*store)->rows_after(SealedTable::Credential, {}, 10);
    REQUIRE(rows->size() == 2);
    CHECK((*store)->rows_after(SealedTable::Credential, rows->front(), 10)->size() == 1);
    std::vector<SealedAnew> page;
    for (const SealedRow& row : *rows) page.push_back({row, {1, 2, 3}});
    stage.change("UPDATE credential SET sealed = x'00ff' WHERE user = 'ann'");  // its owner was faster
    CHECK((*store)->replace(SealedTable::Credential, page, "new").value() == 1);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE user = 'ann' AND sealed = x'00ff' AND key_id <> 'new'") == 1);
    CHECK(stage.number("SELECT count(*) FROM credential WHERE user = 'bob' AND sealed = x'010203' AND key_id = 'new'") == 1);
    CHECK((*store)->replace(SealedTable::Credential, page, "newer").value() == 0);
}

TEST_CASE("once its replacement has begun nothing is sealed under a master key, by whichever process [R20] [R18]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    stage.change("UPDATE master_key SET status = 'previous'");
    CHECK_THROWS_WITH(stage.change("INSERT INTO contact SELECT realm, user, '', key_id, sealed, 0 FROM credential"),
                      Catch::Contains("being replaced"));
    CHECK_THROWS_WITH(stage.change("UPDATE credential SET key_id = key_id"), Catch::Contains("being replaced"));
    stage.change("UPDATE credential SET failures = 1");  // what decides has nothing to do with it
    CHECK(stage.number("SELECT failures FROM credential") == 1);
}
