// SPDX-License-Identifier: Apache-2.0
// A stranger's program that calls something of each public header, so that each is found, compiles under
// the stranger's warnings and links with all it needs. `run` puts an #include of every public header before it.
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

using namespace countersign;

namespace {

int failures = 0;

void require(bool holds, const char* what) {
    if (holds) return;
    std::printf("failed: %s\n", what);
    ++failures;
}

}  // namespace

int main() {
    const std::vector<std::uint8_t> seed(20, 7);
    const SecretView secret(seed);

    require(decode_base32(encode_base32(secret).text())->bytes().size() == 20, "base32.h");
    require(equal_constant_time(Secret(secret).bytes(), secret), "secret.h");
    require(error_name(ErrorCode::CodeMalformed) == "otp.code_malformed", "error.h");
    require(verify_hotp(secret, generate_hotp(secret, 1)->text())->outcome == Outcome::Accepted, "hotp.h");
    const UnixSeconds now{1'800'000'000};
    require(verify_totp(secret, generate_totp(secret, now)->text(), now)->outcome == Outcome::Accepted, "totp.h");
    require(generate_steam(secret, now)->text().size() == 5, "steam.h");

    OtpauthUri uri;
    uri.issuer = "ACME";
    uri.account = "ann";
    uri.secret = Secret(secret);
    const auto text = build_otpauth_uri(uri);
    require(text.has_value(), "otpauth_uri.h");
    const auto code = QrCode::encode(text->text());
    require(qr_svg(*code)->text().substr(0, 4) == "<svg", "qr.h, SVG");
    require(qr_png(*code)->text().substr(1, 3) == "PNG", "qr.h, PNG");
    require(qr_terminal(*code).has_value(), "qr.h, terminal");

    const Secret security_code = make_security_code();
    require(read_security_code(security_code.text()).has_value(), "security_codes.h");
    const std::vector<std::uint8_t> salt(kStretchSaltBytes, 1);
    require(stretch_security_code(security_code.text(), salt)->bytes().size() == 32, "code_stretch.h");

    const BoxKeyPair keys = make_box_key_pair();
    const BoxContext context{"session", "ann", "pending"};
    const auto sealed = seal_box(keys.public_key, context, secret);
    require(open_box(keys, context, sealed->bytes())->bytes().size() == 20, "sealed_box.h");

    const std::vector<std::uint8_t> signing_seed(kAuditKeyBytes, 3);
    const auto checkpoint = sign_checkpoint(Checkpoint{}, signing_seed);
    require(checkpoint && *verify_checkpoint(*checkpoint, *audit_public_key(signing_seed)), "audit_chain.h");
    require(check_policy({}).has_value(), "second_factor_policy.h");
    require(!guess_budget({})->paths.empty(), "guess_budget.h");

    std::printf("every header\n");
    return failures == 0 ? 0 : 1;
}
