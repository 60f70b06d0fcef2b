// SPDX-License-Identifier: Apache-2.0
#include "cli/byte_text.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/security_code_flags.h"
#include "countersign/code_stretch.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

// `--salt`, or what the salt key makes of realm and user.
Checked<Secret> read_salt(const Arguments& arguments) {
    const bool derived = arguments.has("--salt-key-file");
    if (derived == arguments.has("--salt")) {
        return fail(derived ? UsageCode::FlagConflict : UsageCode::FlagMissing,
                    "give either --salt HEX or --salt-key-file FILE with --user ID");
    }
    if (!derived) {
        if (arguments.has("--user") || arguments.has("--realm")) {
            return fail(UsageCode::FlagConflict, "--user and --realm go with --salt-key-file; --salt stands for itself");
        }
        return decode_hex(arguments.text("--salt"), "--salt");
    }
    if (!arguments.has("--user")) return fail(UsageCode::FlagMissing, "--user ID is missing: whose salt is it?");
    const auto key = read_key_file(arguments, "--salt-key-file");
    if (!key) return tl::unexpected(key.error());
    auto salt = derive_code_salt(key->bytes(), realm_of(arguments), arguments.text("--user"));
    if (!salt) return fail(salt.error(), "--salt-key-file");
    return std::move(*salt);
}

Checked<Printout> stretch(const Arguments& arguments) {
    const auto salt = read_salt(arguments);
    if (!salt) return tl::unexpected(salt.error());
    const auto typed = read_input(arguments, kSecurityCodeFlags);
    if (!typed) return tl::unexpected(typed.error());
    const auto stretched = stretch_security_code(typed->text(), salt->bytes());
    if (!stretched) {
        return fail(stretched.error(), stretched.error().code == ErrorCode::StretchSaltMalformed ? "--salt" : "the security code");
    }
    const std::string text = hex_of(stretched->bytes());
    return Printout{.text = text + "\n",
                    .json = server::JsonText().text("stretched", text).text("salt", hex_of(salt->bytes())).take()};
}

}  // namespace

Command security_code_stretch_command() {
    return {.name = "security-code stretch",
            .summary = "Stretch a security code by Argon2id: 19456 KiB, 2 passes",
            .details = "What comes out signs in as the code does: it is a secret.\n"
                       "Example: countersign security-code stretch --code-file code.txt --salt 000102030405060708090a0b0c0d0e0f",
            .flags = {kCodeStdinFlag,
                      kCodeFileFlag,
                      {"--salt", "HEX", "The user's salt, 16 bytes"},
                      {"--salt-key-file", "FILE", "Or the 32 bytes of which salts are made, with:"},
                      {"--user", "ID", "whose salt it is"},
                      {"--realm", "NAME", "in this realm (default: default)"}},
            .run = stretch};
}

}  // namespace countersign::cli
