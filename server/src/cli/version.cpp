// SPDX-License-Identifier: Apache-2.0
#include "countersign/version.h"

#include "cli/commands.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> print_version(const Arguments&) {
    return Printout{.text = std::string("countersign ") + kVersion + "\n",
                    .json = server::JsonText().text("version", kVersion).take()};
}

}  // namespace

Command version_command() {
    return {.name = "version", .summary = "Print the version", .details = {}, .flags = {}, .run = print_version};
}

}  // namespace countersign::cli
