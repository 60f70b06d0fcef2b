// SPDX-License-Identifier: Apache-2.0
#include "cli/data_flags.h"

#include <cstdlib>
#include <utility>

#include "app/system_clock.h"
#include "cli/guard_flag.h"

namespace countersign::cli {

Checked<std::string> master_key_path(const Arguments& arguments) {
    if (arguments.has("--master-key-file")) {
        return arguments.text("--master-key-file");
    }
    if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"); credentials != nullptr) {
        return std::string(credentials) + "/master-key";
    }
    return fail(UsageCode::FlagMissing,
                "--master-key-file FILE is missing; give this store's key, or for a new store make one with "
                "`countersign keygen --out FILE`");
}

Checked<std::string> key_path_if(bool needed, const Arguments& arguments) {
    if (!needed) return std::string();
    return master_key_path(arguments);
}

tl::unexpected<Failure> not_opened(const server::ServerError& error, const std::string& data) {
    using enum server::ServerErrorCode;
    const bool about_key = error.code == MasterKeyUnusable || error.code == MasterKeyMismatch;
    return fail(error, about_key ? "--master-key-file" : "--data " + data);
}

Checked<std::unique_ptr<server::Administration>> open_administration(const Arguments& arguments, bool needs_key) {
    const auto key = key_path_if(needs_key, arguments);
    if (!key) return tl::unexpected(key.error());
    if (auto apart = check_guard(arguments, *key); !apart) return tl::unexpected(apart.error());
    const std::string data = arguments.text("--data");
    auto opened = server::Administration::open(data, *key, needs_key, server::make_system_clock());
    if (opened) return std::move(*opened);
    return not_opened(opened.error(), data);
}

}  // namespace countersign::cli
