// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "countersign/base32.h"
#include "countersign/code_stretch.h"
#include "countersign/otpauth_uri.h"
#include "countersign/qr.h"
#include "countersign/security_codes.h"
#include "countersign/totp.h"
#include "memory_search.h"

using namespace countersign;
using namespace wiping;

// Secrets as text: base32, URIs, security codes as typed.

TEST_CASE("base32 leaves neither the bytes nor the text, whole or refused", "[base32]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret seed = Secret::random(40);
              needles.add("seed", seed.bytes());
              const Secret text = encode_base32(seed.bytes(), Base32Padding::Padded);
              needles.add("base32", text.text());
              (void)decode_base32(text.text());
              Secret broken = text.clone();
              broken.writable().back() = '!';
              (void)decode_base32(broken.text());
          }).empty());
}

TEST_CASE("an otpauth URI leaves neither itself nor its seed when built, read or drawn", "[uri]") {
    CHECK(left_behind([](Needles& needles) {
              OtpauthUri uri;
              uri.issuer = "Bank";
              uri.account = "ann";
              uri.secret = Secret::random(64);
              needles.add("seed", uri.secret.bytes());
              const Secret base32 = encode_base32(uri.secret.bytes());
              needles.add("base32", base32.text());
              const auto text = build_otpauth_uri(uri);
              (void)parse_otpauth_uri(text->text());
              Secret odd = text->clone();  // lower case and a plus sign: read with warnings
              for (auto& c : odd.writable().subspan(10)) c = c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + 32) : c;
              needles.add("base32 in lower case", odd.text().substr(odd.text().find("secret=") + 7, base32.size()));
              (void)parse_otpauth_uri(odd.text());
              Secret broken = text->clone();
              broken.writable().back() = '%';
              (void)parse_otpauth_uri(broken.text());
              (void)qr_svg(*QrCode::encode(text->text()));
          }).empty());
}

TEST_CASE("a drawn PNG leaves neither text nor pixels nor file, in libpng's and zlib's memory either", "[png]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret text = encode_base32(Secret::random(500).bytes());
              needles.add("text", text.text());
              const auto code = QrCode::encode(text.text());
              QrPngOptions options;
              options.module_pixels = 4;  // two modules a byte: 00, 0f, f0 and ff
              const auto rows = qr_bitmap(*code, options)->rows.clone();
              for (std::size_t at = 0; at + 8 <= rows.size(); at += 8) {
                  const auto part = rows.bytes().subspan(at, 8);
                  // Where both kinds of half occur often, the bytes are this picture's and nothing else's.
                  if (std::ranges::count(part, 0x0f) >= 2 && std::ranges::count(part, 0xf0) >= 2) needles.add("pixels", part);
              }
              const auto file = qr_png(*code, options);  // its head and its end are those of any PNG
              const auto packed = file->bytes().subspan(48, file->bytes().size() - 48 - 16);
              needles.add("packed pixels", packed);
          }).empty());
}

TEST_CASE("a typed code leaves neither form of it", "[fold]") {
    CHECK(left_behind([](Needles& needles) {
              Secret typed = Secret::random(12);
              for (auto& c : typed.writable()) c = static_cast<std::uint8_t>('0' + c % 10);
              typed.writable()[5] = ' ';
              needles.add("typed", typed.text());
              const Secret folded = fold_code(typed.text());
              needles.add("folded", folded.text());
          }).empty());
}

TEST_CASE("security codes leave neither code nor grouped form nor stretched value [R21]", "[security_codes]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret code = make_security_code();
              needles.add("code", code.text());
              const auto grouped = format_security_code(code.text());
              needles.add("grouped", grouped->text());
              Secret lower = grouped->clone();
              for (auto& c : lower.writable()) c = c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + 32) : c;
              needles.add("in lower case", lower.text());
              (void)read_security_code(lower.text());
              Secret broken = lower.clone();
              broken.writable()[18] = broken.writable()[18] == '7' ? '8' : '7';
              (void)read_security_code(broken.text());
              const Secret salt = Secret::random(kStretchSaltBytes);
              const auto stretched = stretch_security_code(lower.text(), salt.bytes());
              needles.add("stretched", stretched->bytes());
          }).empty());
}
