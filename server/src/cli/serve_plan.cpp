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
    auto listeners = read_listener_plan(arguments);
    if (!listeners) return tl::unexpected(listeners.error());
    plan.listeners = std::move(*listeners);
    const bool private_line = plan.listeners.tls.has_value() || arguments.has("--insecure-listen");
    if (!plan.listen.loopback && !private_line) {
        return fail(UsageCode::ListenInsecure,
                    "--listen " + plan.listen.address + " is beyond this machine, and would speak plain HTTP; give "
                    "--tls-certificate and --tls-private-key, put a TLS proxy in front of a loopback address, or add "
                    "--insecure-listen");
    }
    if (arguments.has("--operator-listen")) {
        auto listen_too = parse_listen_address("--operator-listen", arguments.text("--operator-listen"));
        if (!listen_too) return tl::unexpected(listen_too.error());
        if (!listen_too->loopback && (!private_line || plan.listeners.operator_token_file.empty())) {
            return fail(UsageCode::ListenInsecure,
                        "--operator-listen " + listen_too->address + " is beyond this machine; give a loopback address, or "
                        "--operator-token-file and TLS (or --insecure-listen)");
        }
        if (listen_too->port != 0 && listen_too->port == plan.listen.port && listen_too->address == plan.listen.address) {
            return fail(UsageCode::ValueInvalid, "--operator-listen is the address of --listen; give it another port");
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
    const auto cache = arguments.integer("--cache-mib", 64, 1, 65536);
    if (!cache) return tl::unexpected(cache.error());
    plan.service.cache_mib = static_cast<int>(*cache);
    plan.service.data_directory = arguments.text("--data");
    plan.audit_file = arguments.text("--audit-file");
    plan.audit_syslog = arguments.has("--audit-syslog");
    auto key = master_key_path(arguments);
    if (!key) return tl::unexpected(key.error());
    plan.service.master_key_file = std::move(*key);
    plan.service.previous_master_key_file = arguments.text("--previous-master-key-file");
    plan.service.guard_directory = arguments.text("--guard-directory");
    auto mail = read_mail_plan(arguments);
    if (!mail) return tl::unexpected(mail.error());
    if (*mail) {
        plan.service.mail = {server::make_smtp_mailer(std::move((*mail)->smtp)),
                             std::make_shared<server::MailTemplates>(std::move((*mail)->templates))};
    }
    return plan;
}

}  // namespace countersign::cli
