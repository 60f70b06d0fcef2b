// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "countersign/base32.h"
#include "stage.h"

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr const char* kSeed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

Answer<PeopleImportReport> import(Stage& stage, const std::string& csv) { return stage.import_users(csv); }

}  // namespace

TEST_CASE("imported users log in, with parameters of their own [R12]") {
    Stage stage;
    const std::string csv = std::string("\xef\xbb\xbfuser,secret,algorithm,digits,period\r\n") + "ann," + kSeed +
                            ",,,\r\n\"b,\"\"ob\"\"\"," + kSeed + ",SHA256,8,60\r\n";
    const auto report = import(stage, csv);
    REQUIRE(report);
    CHECK(report->imported == 2);
    const Secret seed = decode_base32(kSeed).value();
    CHECK(stage.verify("ann", stage.code(seed)).value().ok);
    const TotpParameters parameters{Algorithm::Sha256, 8, 60};
    const auto code = generate_totp(seed.bytes(), stage.clock->wall(), parameters).value();
    CHECK_FALSE(stage.verify("b,\"ob\"", "123456").value().ok);
    CHECK(stage.number("SELECT failures FROM credential WHERE digits = 8") == 0);  // not its form: not counted
    CHECK(stage.verify("b,\"ob\"", code.text()).value().ok);
    CHECK_FALSE(stage.verify("b,\"ob\"", code.text()).value().ok);
}

TEST_CASE("two steps that share their digits: the higher one is spent [R12]") {
    Stage stage;
    REQUIRE(import(stage, "user,secret\nann,ONQW2ZJQGAYDAMBQGAYDAMBYGMYDONZT\n"));
    const std::string code = "015454";  // of this seed, at FixedClock's start and in the step after it
    CHECK(stage.verify("ann", code).value().ok);
    CHECK(stage.number("SELECT last_step FROM credential") == FixedClock::kStart / 30 + 1);
    stage.clock->pass(30);
    CHECK_FALSE(stage.verify("ann", code).value().ok);
}

TEST_CASE("an import is all rows or none, and names line and rule, not the secret [L28]") {
    Stage stage;
    const std::string good = std::string("user,secret\nann,") + kSeed + "\n";
    const std::vector<std::pair<std::string, std::string>> bad{
        {"", "line 1: the header"},
        {"name,secret\n", "line 1: the header"},
        {good + "bob\n", "line 3: has 1 fields"},
        {good + std::string(100'000, ','), "line 3: has over 64 fields"},
        {good + "\n", "line 3: has 1 fields"},
        {good + "bob,JBSWY3D1\n", "line 3: secret: base32.bad_symbol"},
        {good + "bob,JBSWY3DPEHPK3PXP\n", "line 3: secret: 16 to 64 bytes"},
        {good + ",JBSWY3DPEHPK3PXP\n", "line 3: user"},
        {good + "b\xff," + kSeed + "\n", "line 3: user"},
        {good + "ann," + kSeed + "\n", "line 3: this user stands in the file twice"},
        {good + "\"bo\nb\"," + kSeed + "\ncy,x\n", "line 5: secret"},
        {good + "\"bob," + kSeed + "\n", "a quote is not closed"},
        {good + "\"bob\"x," + kSeed + "\n", "line 3: text after a closing quote"},
        {good + "bo\"b," + kSeed + "\n", "line 3: a quote inside"},
        {good + std::string(5000, 'x') + "," + kSeed + "\n", "line 3: a field is over"},
        {"user,secret,algorithm\nann," + std::string(kSeed) + ",md5\n", "line 2: algorithm"},
        {"user,secret,algorithm,digits\nann," + std::string(kSeed) + ",,5\n", "line 2: digits"},
        {"user,secret,algorithm,digits\nann," + std::string(kSeed) + ",,6x\n", "line 2: digits"},
        {"user,secret,algorithm,digits,period\nann," + std::string(kSeed) + ",,,0\n", "line 2: period"},
        {"user,secret,algorithm,digits,period\nann," + std::string(kSeed) + ",,,86401\n", "line 2: period"},
    };
    for (const auto& [csv, why] : bad) {
        const auto report = import(stage, csv);
        REQUIRE_FALSE(report);
        CHECK(report.error().code == ServerErrorCode::ImportRowInvalid);
        CAPTURE(report.error().detail, why);
        CHECK(report.error().detail.find(why) != std::string::npos);
        CHECK(report.error().detail.find("JBSWY") == std::string::npos);
    }
    CHECK(stage.number("SELECT count(*) FROM credential") == 0);
}

TEST_CASE("an import does not replace an authenticator that is there [R8]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("bob");
    const auto report = import(stage, std::string("user,secret\nann,") + kSeed + "\nbob," + kSeed + "\n");
    REQUIRE_FALSE(report);
    CHECK(report.error().detail == "line 3: this user has an authenticator already");
    CHECK(stage.totp_of("ann").status == "not_configured");
    CHECK(stage.totp_of("bob").credential_id == enrolled.credential);
    CHECK(stage.import_users("user,secret\n", "none").error().code == ServerErrorCode::RealmUnknown);
}

TEST_CASE("a code that was good elsewhere at the moment of an import is not good here again [R8] [L1]") {
    Stage stage;
    const std::string csv = std::string("user,secret,algorithm,digits,period\nann,") + kSeed + ",,,\nlong," + kSeed + ",,,60\n";
    REQUIRE(stage.import_users(csv, "default", {}));
    const Secret seed = decode_base32(kSeed).value();
    const std::int64_t step = FixedClock::kStart / 30;
    CHECK(stage.number("SELECT last_step FROM credential WHERE user = 'ann'") == step + 1);
    CHECK(stage.number("SELECT last_step FROM credential WHERE user = 'long'") == FixedClock::kStart / 60 + 1);
    for (const int steps : {-1, 0, 1}) CHECK_FALSE(stage.verify("ann", stage.code(seed, steps)).value().ok);
    stage.clock->pass(30);
    CHECK_FALSE(stage.verify("ann", stage.code(seed)).value().ok);  // shown by a phone whose clock ran ahead
    CHECK(stage.verify("ann", stage.code(seed, 1)).value().ok);
}
