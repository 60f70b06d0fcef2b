// SPDX-License-Identifier: Apache-2.0
#include "cli/data_flags.h"

#include <cstdlib>
#include <utility>

#include "app/system_clock.h"

namespace countersign::cli {

Checked<std::string> master_key_path(const Arguments& arguments) {
    if (arguments.has("--master-key-file")) {
        return arguments.text("--master-key-file");
    }
    if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"); credentials != nullptr) {
        return std::string(credentials) + "/master-key";
    }
    return fail(UsageCode::FlagMissing,
                "--master-key-file FILE is missing; make a key with `countersign keygen --out FILE`");
}

Checked<std::unique_ptr<server::Administration>> open_administration(const Arguments& arguments, bool needs_key) {
    std::string key;
    if (needs_key) {
        auto path = master_key_path(arguments);
        if (!path) return tl::unexpected(path.error());
        key = std::move(*path);
    }
    const std::string data = arguments.text("--data");
    auto opened = server::Administration::open(data, key, needs_key, server::make_system_clock());
    if (opened) return std::move(*opened);
    using enum server::ServerErrorCode;
    const bool about_key = opened.error().code == MasterKeyUnusable || opened.error().code == MasterKeyMismatch;
    return fail(opened.error(), about_key ? "--master-key-file" : "--data " + data);
}

}  // namespace countersign::cli
