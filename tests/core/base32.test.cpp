// SPDX-License-Identifier: Apache-2.0
#include "countersign/base32.h"

#include <catch2/catch.hpp>

#include "vector_file.h"

using namespace countersign;

TEST_CASE("rfc4648_base32.vec: base32 is written and read as RFC 4648 says [L25]", "[base32][vectors]") {
    run_vectors("rfc4648_base32.vec",
                {{"encode",
                  [](const VectorCase& vector) -> Answer {
                      const auto padding =
                          vector.text("Padding") == "yes" ? Base32Padding::Padded : Base32Padding::None;
                      return {{"Text", std::string(encode_base32(vector.bytes("Bytes"), padding).text())}};
                  }},
                 {"decode", [](const VectorCase& vector) -> Answer {
                      const auto bytes = decode_base32(vector.text("Text"));
                      if (!bytes) return error_answer(bytes.error());
                      return {{"Bytes", to_hex(bytes->bytes())}};
                  }}});
}

TEST_CASE("base32 of any bytes reads back as those bytes", "[base32]") {
    for (std::size_t size = 0; size <= 130; ++size) {
        const Secret bytes = Secret::random(size);
        for (const auto padding : {Base32Padding::None, Base32Padding::Padded}) {
            const Secret text = encode_base32(bytes.bytes(), padding);
            const auto back = decode_base32(text.text());
            REQUIRE(back.has_value());
            REQUIRE(equal_constant_time(back->bytes(), bytes.bytes()));
        }
    }
}

TEST_CASE("of all 256 bytes base32 knows 58 symbols, 5 separators and the padding", "[base32]") {
    int symbols = 0;
    for (int c = 0; c < 256; ++c) {
        const std::string text(8, static_cast<char>(c));
        const auto bytes = decode_base32(text);
        if (bytes && !bytes->empty()) ++symbols;
        const bool separates = c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r';
        CHECK((bytes && bytes->empty()) == separates);
        if (!bytes && c != '=') CHECK(bytes.error().code == ErrorCode::Base32BadSymbol);
    }
    CHECK(symbols == 58);
}

TEST_CASE("base32 takes 4096 bytes of text and no more", "[base32]") {
    CHECK(decode_base32(std::string(4096, 'A')).value().size() == 2560);
    CHECK(decode_base32(std::string(4097, ' ')).error().code == ErrorCode::SecretTooLong);
}
