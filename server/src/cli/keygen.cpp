// SPDX-License-Identifier: Apache-2.0
#include "app/administration.h"
#include "cli/commands.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> generate_key(const Arguments& arguments) {
    const std::string path = arguments.text("--out");
    if (const auto written = server::write_master_key(path); !written) {
        return fail(written.error(), "keygen");
    }
    return Printout{.text = "wrote " + path + "\n", .json = server::JsonText().text("file", path).take()};
}

}  // namespace

Command keygen_command() {
    return {.name = "keygen",
            .summary = "Make a master key, under which a server seals what it stores",
            .details = "Keep the file outside the data directory, and a copy of it somewhere else: without it\n"
                       "the stored secrets cannot be opened by anyone.\n"
                       "Example: countersign keygen --out master.key",
            .flags = {{"--out", "FILE", "Where to write the key, mode 0600; never overwritten", true}},
            .run = generate_key};
}

}  // namespace countersign::cli
