// SPDX-License-Identifier: Apache-2.0
#include "countersign/error.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace countersign;

TEST_CASE("every error code has its own stable name and a sentence", "[error]") {
    std::set<std::string> names;
    for (int i = 0; i < kErrorCodeCount; ++i) {
        const auto code = static_cast<ErrorCode>(i);
        const std::string name(error_name(code));
        const std::string sentence(error_sentence(code));
        INFO(name << ": " << sentence);
        CHECK(names.insert(name).second);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string::npos);
        CHECK(name.find('.') != std::string::npos);
        CHECK(sentence.size() > 20);
        CHECK(sentence.back() == '.');
    }
}

TEST_CASE("the names that other parts rely on do not change", "[error]") {
    CHECK(error_name(ErrorCode::Base32BadSymbol) == "base32.bad_symbol");
    CHECK(error_name(ErrorCode::CodeMalformed) == "otp.code_malformed");
    CHECK(error_name(ErrorCode::UriSecretMissing) == "uri.secret_missing");
    CHECK(error_name(ErrorCode::QrOptionOutOfRange) == "qr.option_out_of_range");
}
