// SPDX-License-Identifier: Apache-2.0
#include "cli/serve_plan.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

#include "cli/data_flags.h"
#include "cli/mail_flags.h"

namespace countersign::cli {

Checked<ServePlan> read_plan(const Arguments& arguments) {
    ServePlan plan;
    auto listen = parse_listen_address("--listen", arguments.text("--listen", "127.0.0.1:4800"));
    if (!listen) return tl::unexpected(listen.error());
    plan.listen = std::move(*listen);
    if (!plan.listen.loopback && !arguments.has("--insecure-listen")) {
        return fail(UsageCode::ListenInsecure,
                    "--listen " + plan.listen.address + " is beyond this machine, and this version speaks plain HTTP; "
                    "put a TLS proxy in front of a loopback address, or add --insecure-listen");
    }
    if (arguments.has("--operator-listen")) {
        auto listen_too = parse_listen_address("--operator-listen", arguments.text("--operator-listen"));
        if (!listen_too) return tl::unexpected(listen_too.error());
        if (!listen_too->loopback && !arguments.has("--insecure-listen")) {
            return fail(UsageCode::ListenInsecure,
                        "--operator-listen " + listen_too->address + " is beyond this machine, and it asks nobody for a "
                        "token; give a loopback address, or add --insecure-listen");
        }
        plan.operator_listen = std::move(*listen_too);
    }
    const auto level = server::parse_log_level(arguments.text("--log-level", "info"));
    if (!level) {
        return fail(UsageCode::ValueInvalid, "--log-level is not usable; give debug, info, warning or error");
    }
    plan.log_level = *level;
    const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    const auto threads = arguments.integer("--io-threads", std::min<std::int64_t>(cores, 64), 1, 64);
    if (!threads) return tl::unexpected(threads.error());
    plan.service.io_threads = static_cast<int>(*threads);
    const auto connections = arguments.integer("--max-connections", 4096, 1, 1'000'000);
    if (!connections) return tl::unexpected(connections.error());
    plan.connection_limit = static_cast<std::size_t>(*connections);
    plan.service.data_directory = arguments.text("--data");
    auto key = master_key_path(arguments);
    if (!key) return tl::unexpected(key.error());
    plan.service.master_key_file = std::move(*key);
    auto mail = read_mail_plan(arguments);
    if (!mail) return tl::unexpected(mail.error());
    if (*mail) {
        plan.service.mail = {server::make_smtp_mailer(std::move((*mail)->smtp)),
                             std::make_shared<server::MailTemplates>(std::move((*mail)->templates))};
    }
    return plan;
}

}  // namespace countersign::cli
