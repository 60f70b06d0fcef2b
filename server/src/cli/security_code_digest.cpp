// SPDX-License-Identifier: Apache-2.0
#include "cli/byte_text.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/security_code_flags.h"
#include "countersign/code_stretch.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr InputFlags kStretchedFlags{"--stretched-stdin", "--stretched-file", 1024};

Checked<Printout> digest(const Arguments& arguments) {
    const auto pepper = read_key_file(arguments, "--pepper-file");
    if (!pepper) return tl::unexpected(pepper.error());
    auto given = read_input(arguments, kStretchedFlags);
    if (!given) return tl::unexpected(given.error());
    trim_line_end(*given);
    const auto stretched = decode_hex(given->text(), "the stretched code");
    if (!stretched) return tl::unexpected(stretched.error());
    const auto digest = digest_stretched_code(pepper->bytes(), realm_of(arguments), arguments.text("--user"), stretched->bytes());
    if (!digest) return fail(digest.error(), "the stretched code");
    const std::string text = hex_of(digest->bytes());
    return Printout{.text = text + "\n", .json = server::JsonText().text("digest", text).take()};
}

}  // namespace

Command security_code_digest_command() {
    return {.name = "security-code digest",
            .summary = "Print what a server stores of a stretched security code",
            .details = "Example: countersign security-code digest --stretched-file s.txt --pepper-file pepper.key --user ann",
            .flags = {{"--stretched-stdin", "", "Read the stretched code, 64 hexadecimal digits, from standard input"},
                      {"--stretched-file", "FILE", "Read it from FILE"},
                      {"--pepper-file", "FILE", "The 32 bytes of the pepper", true},
                      {"--user", "ID", "Whose code it is", true},
                      kRealmFlag},
            .run = digest};
}

}  // namespace countersign::cli
