// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> create(const Arguments& arguments) {
    const auto administration = open_administration(arguments, true);
    if (!administration) return tl::unexpected(administration.error());
    const std::string name = arguments.text("--name");
    if (const auto created = (*administration)->create_realm(name); !created) {
        return fail(created.error(), "realm create");
    }
    return Printout{.text = "created " + name + "\n", .json = server::JsonText().text("realm", name).take()};
}

}  // namespace

Command realm_create_command() {
    return {.name = "realm create",
            .summary = "Make a realm: users and keys of their own, for one more site",
            .details = "The realm `default` is there from the start.",
            .flags = {kDataFlag, kMasterKeyFlag, kGuardFlag, {"--name", "NAME", "1 to 64 of a-z 0-9 - _", true}},
            .run = create};
}

}  // namespace countersign::cli
