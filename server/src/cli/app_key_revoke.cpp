// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> revoke(const Arguments& arguments) {
    const auto administration = open_administration(arguments, false);
    if (!administration) return tl::unexpected(administration.error());
    const std::string id = arguments.text("--id");
    if (const auto revoked = (*administration)->revoke_app_key(realm_of(arguments), id); !revoked) {
        return fail(revoked.error(), "app-key revoke");
    }
    return Printout{
        .text = "revoked " + id + "\n",
        .json = server::JsonText().text("id", id).text("realm", realm_of(arguments)).boolean("revoked", true).take()};
}

}  // namespace

Command app_key_revoke_command() {
    return {.name = "app-key revoke",
            .summary = "Refuse an application key from the next request on",
            .details = "Works beside a running server. Every session of its realm ends with it.",
            .flags = {kDataFlag, {"--id", "ID", "The key's id, as `app-key list` prints it", true}, kRealmFlag},
            .run = revoke};
}

}  // namespace countersign::cli
