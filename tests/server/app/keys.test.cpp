// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sodium.h>

#include <fstream>
#include <iterator>

#include "app/keys.h"
#include "app/seed_box.h"
#include "app/tokens.h"
#include "stage.h"

using namespace countersign;
using namespace countersign::server;

namespace {

Keys keys_of(std::uint8_t fill) { return Keys(std::vector<std::uint8_t>(32, fill)); }

std::string contents(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("sub-keys come from the master key by crypto_kdf, id 1, by their contexts [R20]") {
    const std::vector<std::uint8_t> master(32, 7);
    std::vector<std::uint8_t> expected(32);
    crypto_kdf_derive_from_key(expected.data(), 32, 1, "cs-seal_", master.data());
    CHECK(equal_constant_time(Keys(master).seal(), expected));
}

TEST_CASE("a sealed seed opens in its own place only [R20]") {
    const Keys keys = keys_of(1);
    const std::vector<std::uint8_t> seed(20, 42);
    const SeedPlace place{"default", "ann", "totp", "crd_a"};
    auto sealed = seal_seed(keys, place, seed);
    REQUIRE(open_seed(keys, place, sealed));
    CHECK(equal_constant_time(open_seed(keys, place, sealed)->bytes(), seed));
    for (const SeedPlace& moved : {SeedPlace{"other", "ann", "totp", "crd_a"}, SeedPlace{"default", "bob", "totp", "crd_a"},
                                   SeedPlace{"default", "ann", "hotp", "crd_a"},
                                   SeedPlace{"default", "ann", "totp", "crd_b"},
                                   SeedPlace{"defaulta", "nn", "totp", "crd_a"}}) {
        CHECK_FALSE(open_seed(keys, moved, sealed));
    }
    CHECK_FALSE(open_seed(keys_of(2), place, sealed));
    for (const std::size_t at : {std::size_t{0}, std::size_t{30}, sealed.size() - 1}) {
        auto bent = sealed;
        bent[at] ^= 1U;
        CHECK_FALSE(open_seed(keys, place, bent));
    }
    sealed.resize(39);
    CHECK_FALSE(open_seed(keys, place, sealed));
}

TEST_CASE("joined texts carry 4-byte little-endian lengths, so borders cannot move [R20]") {
    CHECK(join_length_prefixed({"ab", ""}) == std::vector<std::uint8_t>{2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0});
    CHECK(join_length_prefixed({"ab", "c"}) != join_length_prefixed({"a", "bc"}));
}

TEST_CASE("a row moved to another user or realm opens nothing [R20] [R8]") {
    Stage stage;
    const Enrolled ann = stage.enroll("ann");
    static_cast<void>(stage.enroll("bob"));
    stage.clock->pass(90);
    stage.change("UPDATE credential SET sealed = (SELECT sealed FROM credential WHERE user = 'ann') WHERE user = 'bob'");
    CHECK_FALSE(stage.verify("bob", stage.code(ann.seed)).value().ok);
    stage.change("DELETE FROM credential WHERE user = 'bob'; UPDATE credential SET user = 'bob'");
    CHECK_FALSE(stage.verify("bob", stage.code(ann.seed)).value().ok);
    CHECK(stage.log->text().find("credential.does_not_open") != std::string::npos);
    stage.change("UPDATE credential SET user = 'ann'");
    CHECK(stage.verify("ann", stage.code(ann.seed)).value().ok);
}

TEST_CASE("no seed and no token stands in clear in database, log or write-ahead log [R20] [R22] [L15] [L36]") {
    Stage stage;
    const SessionCaller session = stage.open_session("ann");
    const Begun pending = stage.begin(session).value();
    const Secret seed = seed_of(pending);
    const std::string uri(pending.uri.text());
    const std::string base32 = uri.substr(uri.find("secret=") + 7, 32);
    REQUIRE(stage.confirm(session, pending.pending_id, stage.code(seed)).value().ok);
    const std::string raw(seed.text());
    for (const std::string& bytes : {contents(stage.database()), contents(stage.database() + "-wal"), stage.log->text()}) {
        REQUIRE_FALSE(bytes.empty());
        CHECK(bytes.find(raw) == std::string::npos);
        CHECK(bytes.find(base32) == std::string::npos);
        CHECK(bytes.find(stage.app_token) == std::string::npos);
        CHECK(bytes.find("cs_ses_") == std::string::npos);
        CHECK(bytes.find(contents(stage.key_file)) == std::string::npos);
    }
}

TEST_CASE("every row names the key that sealed it [R20]") {
    Stage stage;
    static_cast<void>(stage.enroll("ann"));
    CHECK(stage.number("SELECT count(*) FROM credential WHERE length(key_id) = 16") == 1);
}

TEST_CASE("tokens are 32 random bytes with a kind, and one kind is no other [L14]") {
    const Secret app = make_token(TokenKind::App);
    const Secret session = make_token(TokenKind::Session);
    CHECK(app.text().starts_with("cs_app_"));
    CHECK(app.size() == 50);
    CHECK(looks_like_token(TokenKind::App, app.text()));
    CHECK_FALSE(looks_like_token(TokenKind::Session, app.text()));
    CHECK(looks_like_token(TokenKind::Session, session.text()));
    CHECK(make_token(TokenKind::App).text() != app.text());
    const Keys keys = keys_of(1);
    CHECK(token_lookup(keys, TokenKind::App, app.text()) != token_lookup(keys, TokenKind::Session, app.text()));
}

TEST_CASE("a token proves its own realm, user and purpose: a row given another owner is refused [R1] [L14]") {
    Stage stage;
    REQUIRE(stage.service->authenticate_app(stage.app_token));
    stage.change("UPDATE app_key SET realm = 'other'");
    const auto moved = stage.service->authenticate_app(stage.app_token);
    REQUIRE_FALSE(moved);
    CHECK(moved.error().code == ServerErrorCode::AuthInvalid);
    stage.change("UPDATE app_key SET realm = 'default'");

    const auto opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
        stage.service->open_session(stage.caller, {"ann", "manage", "ann@x", "Bank"}, std::move(reply));
    });
    REQUIRE(opened);
    for (const auto& [column, own] : {std::pair("realm", "default"), {"user", "ann"}, {"purpose", "manage"}}) {
        const std::string set = std::string("UPDATE session SET ") + column + " = '";
        stage.change(set + "other'");
        const auto refused = stage.service->authenticate_session(opened->token.text());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ServerErrorCode::AuthInvalid);
        stage.change(set + own + "'");
        CHECK(stage.service->authenticate_session(opened->token.text()));
    }
}

TEST_CASE("sessions end after 15 minutes and belong to one user [L14]") {
    Stage stage;
    const auto opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
        stage.service->open_session(stage.caller, {"ann", "manage", "ann@x", "Bank"}, std::move(reply));
    });
    REQUIRE(opened);
    CHECK(opened->expires_at.value == FixedClock::kStart + 900);
    const auto caller = stage.service->authenticate_session(opened->token.text());
    REQUIRE(caller);
    CHECK(caller->user == "ann");
    CHECK(caller->realm == "default");
    CHECK_FALSE(stage.service->authenticate_app(opened->token.text()));
    CHECK_FALSE(stage.service->authenticate_session(stage.app_token));
    stage.change("UPDATE session SET user = 'bob'");
    CHECK_FALSE(stage.service->authenticate_session(opened->token.text()));
    stage.change("UPDATE session SET user = 'ann'");
    stage.clock->pass(899);
    CHECK(stage.service->authenticate_session(opened->token.text()));
    stage.clock->pass(1);
    CHECK_FALSE(stage.service->authenticate_session(opened->token.text()));
}

TEST_CASE("a session needs a user, the purpose manage, and labels an app can show [R10]") {
    Stage stage;
    const auto refused = [&](OpenSessionRequest request) {
        const auto opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
            stage.service->open_session(stage.caller, std::move(request), std::move(reply));
        });
        return !opened && opened.error().code == ServerErrorCode::RequestFieldInvalid;
    };
    CHECK(refused({"", "manage", "a", "b"}));
    CHECK(refused({"ann", "admin", "a", "b"}));
    CHECK(refused({"ann", "manage", "", "b"}));
    CHECK(refused({"ann", "manage", "a:b", "b"}));
    CHECK(refused({"ann", "manage", "a", std::string(129, 'b')}));
    CHECK(refused({"ann", "manage", "a", "b\n"}));
    CHECK(refused({"ann", "manage", "\xff", "b"}));
}

TEST_CASE("a revoked application key is refused from the next request on [R1] [R18]") {
    Stage stage;
    REQUIRE(stage.administration()->revoke_app_key("default", stage.caller.key_id));
    const auto refused = stage.service->authenticate_app(stage.app_token);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ServerErrorCode::AuthInvalid);
    CHECK(stage.service->authenticate_app("").error().code == ServerErrorCode::AuthMissing);
    CHECK(stage.service->authenticate_app("cs_app_x").error().code == ServerErrorCode::AuthInvalid);
    const auto unknown = stage.administration()->revoke_app_key("default", "app_none");
    CHECK(unknown.error().code == ServerErrorCode::AppKeyUnknown);
}

TEST_CASE("sessions that a revoked key may have opened end with it, in its realm alone [R1] [L14]") {
    Stage stage;
    const auto open = [&](const AppCaller& caller) {
        return await<OpenedSession>([&](Reply<OpenedSession> reply) {
            stage.service->open_session(caller, {"ann", "manage", "a", "b"}, std::move(reply));
        }).value();
    };
    REQUIRE(stage.administration()->create_realm("second"));
    const OpenedSession ours = open(stage.caller);
    const CreatedAppKey second = stage.administration()->create_app_key("second", "theirs").value();
    const OpenedSession theirs = open({"second", second.info.id});
    CHECK(stage.administration()->revoke_app_key("default", "app_none").error().code == ServerErrorCode::AppKeyUnknown);
    CHECK(stage.service->authenticate_session(ours.token.text()));
    REQUIRE(stage.administration()->revoke_app_key("default", stage.caller.key_id));
    CHECK(stage.service->authenticate_session(ours.token.text()).error().code == ServerErrorCode::AuthInvalid);
    CHECK(stage.service->authenticate_session(theirs.token.text()));
}

TEST_CASE("a session that a key asked for before it was revoked is not opened after it [R1] [L14]") {
    Stage stage;
    const AppCaller caller = stage.service->authenticate_app(stage.app_token).value();
    REQUIRE(stage.administration()->revoke_app_key("default", stage.caller.key_id));
    for (const std::string purpose : {"manage", "challenge"}) {
        const auto opened = await<OpenedSession>([&](Reply<OpenedSession> reply) {
            OpenSessionRequest request{"ann", purpose, "a", "b"};
            if (purpose == "challenge") request.receipt_purpose = "login";
            stage.service->open_session(caller, std::move(request), std::move(reply));
        });
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == ServerErrorCode::AuthInvalid);
    }
    CHECK(stage.number("SELECT count(*) FROM session") == 0);
    CHECK(stage.number("SELECT count(*) FROM challenge") == 0);
}
