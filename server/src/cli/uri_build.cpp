// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "countersign/otpauth_uri.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> build(const Arguments& arguments) {
    const auto parameters = read_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    OtpauthUri uri;
    uri.issuer = arguments.text("--issuer");
    uri.account = arguments.text("--account");
    uri.secret = std::move(*seed);
    uri.parameters = *parameters;
    const auto text = build_otpauth_uri(uri);
    if (!text) return fail(text.error(), "uri build");
    return Printout{.text = std::string(text->text()) + "\n",
                    .json = server::JsonText().text("uri", text->text()).take()};
}

}  // namespace

Command uri_build_command() {
    return {.name = "uri build",
            .summary = "Write the otpauth:// URI that an authenticator app reads",
            .details = "The URI holds the secret: treat what is printed as one.\n"
                       "Example: countersign uri build --issuer Bank --account ann@example.org --secret-file seed.txt",
            .flags = with_totp_flags({
                {"--issuer", "TEXT", "Who asks for the code: 1 to 128 bytes, no colon", true},
                {"--account", "TEXT", "Whose code it is: 1 to 128 bytes, no colon", true},
            }),
            .run = build};
}

}  // namespace countersign::cli
