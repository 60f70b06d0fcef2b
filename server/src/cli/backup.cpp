// SPDX-License-Identifier: Apache-2.0
#include "app/safekeeping.h"
#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> back_up(const Arguments& arguments) {
    const std::string out = arguments.text("--out");
    const auto made = server::make_backup(arguments.text("--data"), out, *server::make_system_clock());
    if (!made) return fail(made.error(), "backup");
    Printout printout;
    printout.text = "wrote " + out + "\n";
    printout.text.append("schema ").append(std::to_string(made->schema));
    printout.text.append(", epoch ").append(std::to_string(made->epoch));
    printout.text.append(", commits ").append(std::to_string(made->commits));
    printout.text.append(", key ").append(made->key_id.empty() ? "unknown" : made->key_id);
    printout.text.append(", time ").append(std::to_string(made->made_at.value));
    printout.text.append(", ").append(std::to_string(made->bytes)).append(" bytes\n");
    printout.text.append("The master key is not in it: keep a copy of that elsewhere, or this cannot be opened.\n");
    printout.json = server::JsonText()
                        .text("file", out)
                        .number("schema", made->schema)
                        .number("epoch", made->epoch)
                        .number("commits", made->commits)
                        .text("key_id", made->key_id)
                        .text("store_id", made->store_id)
                        .number("time", made->made_at.value)
                        .number("bytes", made->bytes)
                        .boolean("holds_master_key", false)
                        .take();
    return printout;
}

}  // namespace

Command backup_command() {
    return {.name = "backup",
            .summary = "Copy the store to one file, while a server runs on it",
            .details = "The copy is of one moment and is checked before it gets its name. Secrets in it are sealed; the\n"
                       "master key, without which nobody opens them, is not in it. `restore` takes it in.\n"
                       "Example: countersign backup --data data --out countersign.backup",
            .flags = {kDataFlag, {"--out", "FILE", "Where to write it, mode 0600; never overwritten", true}},
            .run = back_up};
}

}  // namespace countersign::cli
