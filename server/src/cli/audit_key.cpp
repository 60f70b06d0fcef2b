// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_flags.h"
#include "cli/byte_text.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> show_key(const Arguments& arguments) {
    const auto log = open_audit_log(arguments, true);
    if (!log) return tl::unexpected(log.error());
    const auto key = (*log)->public_key();
    if (!key) return fail(key.error(), "audit key");
    const std::string hex = hex_of(*key);
    return Printout{.text = hex + "\n", .json = server::JsonText().text("public_key", hex).take()};
}

}  // namespace

Command audit_key_command() {
    return {.name = "audit key",
            .summary = "Show the public key that signs the audit log's checkpoints",
            .details = "32 bytes in hexadecimal (Ed25519), derived from the master key: what verifyCheckpointExtends of\n"
                       "the npm package takes. Keep it where the server cannot change it.",
            .flags = {kDataFlag, kMasterKeyFlag, kGuardFlag},
            .run = show_key};
}

}  // namespace countersign::cli
