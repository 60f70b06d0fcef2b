// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/input.h"
#include "countersign/base32.h"
#include "countersign/otpauth_uri.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr InputFlags kUriFlags{"--uri-stdin", "--uri-file", 16384};

std::string warnings_json(const ParsedOtpauthUri& parsed) {
    std::string list = "[";
    for (const UriWarning warning : parsed.warnings) {
        list += list.size() == 1 ? "" : ",";
        list += server::JsonText()
                    .text("name", uri_warning_name(warning))
                    .text("sentence", uri_warning_sentence(warning))
                    .take();
    }
    return list + "]";
}

// Every line of the text form has a key of the same name in the JSON form.
Printout describe(const ParsedOtpauthUri& parsed, bool show_secret) {
    const OtpauthUri& uri = parsed.uri;
    Printout printout;
    server::JsonText json;
    const auto text = [&](std::string_view key, std::string_view value) {
        std::string quoted;
        server::append_json_string(quoted, value);
        // On one line whatever the label holds: quoted only where it has to be.
        const bool plain = quoted.size() == value.size() + 2;
        printout.text.append(key).append(": ").append(plain ? value : std::string_view(quoted)).append("\n");
        json.text(key, value);
    };
    const auto number = [&](std::string_view key, std::int64_t value) {
        printout.text.append(key).append(": ").append(std::to_string(value)).append("\n");
        json.number(key, value);
    };
    text("type", uri.type == OtpType::Totp ? "totp" : "hotp");
    text("issuer", uri.issuer);
    text("account", uri.account);
    text("algorithm", algorithm_name(uri.parameters.algorithm));
    number("digits", uri.parameters.digits);
    if (uri.type == OtpType::Totp) number("period", uri.parameters.period_seconds);
    // A string: not every reader of JSON keeps 64 bits of a number.
    if (uri.counter) text("counter", std::to_string(*uri.counter));
    number("secret_bytes", static_cast<std::int64_t>(uri.secret.size()));
    if (show_secret) text("secret", encode_base32(uri.secret.bytes()).text());
    for (const UriWarning warning : parsed.warnings) {
        printout.text.append("warning: ").append(uri_warning_name(warning)).append(": ");
        printout.text.append(uri_warning_sentence(warning)).append("\n");
    }
    printout.json = json.raw("warnings", warnings_json(parsed)).take();
    return printout;
}

Checked<Printout> parse(const Arguments& arguments) {
    auto given = read_input(arguments, kUriFlags);
    if (!given) return tl::unexpected(given.error());
    trim_line_end(*given);
    const auto parsed = parse_otpauth_uri(given->text());
    if (!parsed) return fail(parsed.error(), "uri parse");
    return describe(*parsed, arguments.has("--show-secret"));
}

}  // namespace

Command uri_parse_command() {
    return {.name = "uri parse",
            .summary = "Say what an otpauth:// URI holds, and what is odd about it",
            .details = "Example: countersign uri parse --uri-file uri.txt --json",
            .flags = {{"--uri-stdin", "", "Read the URI from standard input"},
                      {"--uri-file", "FILE", "Read the URI from FILE"},
                      {"--show-secret", "", "Print the secret too, in base32"}},
            .run = parse};
}

}  // namespace countersign::cli
