// SPDX-License-Identifier: Apache-2.0
#include "cli/guard_flag.h"

#include "app/key_unlock.h"
#include "app/older_store.h"
#include "app/operator_people.h"
#include "app/system_clock.h"
#include "cli/data_flags.h"

namespace countersign::cli {

Checked<void> check_guard(const Arguments& arguments, const std::string& master_key_file) {
    if (master_key_file.empty() || !arguments.has("--guard-directory")) return {};
    const server::KeyFiles files{arguments.text("--data"), master_key_file, arguments.text("--previous-master-key-file"), arguments.text("--guard-directory")};
    if (!server::has_store(files.data_directory)) return {};
    if (const auto fit = server::check_before_upgrade(files); !fit) return not_opened(fit.error(), files.data_directory);
    const auto keys = server::unlock_keys(files, server::KeyUse::Beside, server::make_system_clock()->wall());
    if (!keys) return not_opened(keys.error(), files.data_directory);
    return {};
}

}  // namespace countersign::cli
