// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "app/service.h"
#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/listen_address.h"
#include "cli/mail_flags.h"
#include "countersign/version.h"
#include "http/error_map.h"
#include "http/listener.h"
#include "http/metrics.h"
#include "http/operator_routes.h"
#include "http/policy_codec.h"
#include "http/router.h"
#include "log/json_log.h"

namespace countersign::cli {
namespace {

/// A scraper and a person: the operator's listener takes no connections from the main one's share.
constexpr std::size_t kOperatorConnections = 32;

struct ServePlan {
    ListenAddress listen;
    std::optional<ListenAddress> operator_listen;
    server::LogLevel log_level = server::LogLevel::Info;
    std::size_t connection_limit = 0;
    server::ServiceOptions service;
};

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

// The process holds every seed and the master key: no debugger of the same user either.
void harden_process() {
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

// Blocked before the first thread is made, so that every thread leaves them to `wait_for_signal`.
sigset_t block_stop_signals() {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));  // a file too large is an error to be answered, as a full disk is
    return stop;
}

void wait_for_signal(const sigset_t& stop) {
    int received = 0;
    while (::sigwait(&stop, &received) != 0) {
    }
    // Stopping is bounded in time; who does not want to wait presses Ctrl-C once more.
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    ::pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
}

struct Address {
    std::string_view flag;
    const ListenAddress& listen;
};

/// Listens, and says so in the log as `event`.
Checked<std::unique_ptr<server::Listener>> start_listener(const Address& address, server::ListenerOptions options,
                                                          server::HttpHandler handler, server::Log& log,
                                                          std::string_view event) {
    options.address = address.listen.address;
    options.port = address.listen.port;
    auto listener = server::Listener::start(options, std::move(handler),
                                            [](server::TransportFault fault) { return server::problem(fault); });
    if (!listener) {
        return fail(UsageCode::ListenFailed, std::string(address.flag) + " " + options.address + ":" +
                                                 std::to_string(options.port) + " cannot be had: " +
                                                 listener.error() + "; choose another address or port");
    }
    if (!address.listen.loopback) {
        log.write(server::LogLevel::Warning, "server.insecure_listen", {{"address", options.address}});
    }
    log.write(server::LogLevel::Info, event,
              {{"address", options.address},
               {"port", std::int64_t{(*listener)->port()}},
               {"version", std::string_view(kVersion)}});
    return std::move(*listener);
}

/// Serves until the signal comes. @return whether everything in flight was answered
Checked<bool> serve_until_stopped(const ServePlan& plan, server::Service& service,
                                  const std::shared_ptr<server::Metrics>& metrics,
                                  const std::shared_ptr<server::Log>& log, const sigset_t& stop_signals) {
    const server::OperatorRoutes operator_routes(service, metrics);
    std::unique_ptr<server::Listener> operators;  // after its routes: it goes before them
    if (plan.operator_listen) {
        server::ListenerOptions options;
        options.connection_limit = kOperatorConnections;
        auto started = start_listener(
            {"--operator-listen", *plan.operator_listen}, options,
            [&operator_routes](const server::HttpRequest& request, const server::Respond& respond) {
                operator_routes.handle(request, respond);
            },
            *log, "server.operator_listening");
        if (!started) return tl::unexpected(started.error());
        operators = std::move(*started);
    }
    server::Router router(service, log, *metrics);
    server::ListenerOptions options;
    options.io_threads = plan.service.io_threads;
    options.connection_limit = plan.connection_limit;
    const auto listener = start_listener(
        {"--listen", plan.listen}, options,
        [&router](server::HttpRequest request, server::Respond respond) {
            router.handle(std::move(request), std::move(respond));
        },
        *log, "server.listening");
    if (!listener) return tl::unexpected(listener.error());

    wait_for_signal(stop_signals);
    log->write(server::LogLevel::Info, "server.stopping", {});
    const bool clean = (*listener)->stop();
    if (operators) operators->stop();
    service.stop();  // before the router goes: replies may still be under way
    return clean;
}

Checked<Printout> serve(const Arguments& arguments) {
    auto plan = read_plan(arguments);
    if (!plan) return tl::unexpected(plan.error());
    harden_process();
    const sigset_t stop_signals = block_stop_signals();

    const auto log = server::make_json_log(plan->log_level);
    const auto metrics = server::Metrics::make();
    plan->service.meter = metrics;
    plan->service.policy_form = server::json_policy_form();
    const auto service = server::Service::start(plan->service, server::make_system_clock(), log);
    if (!service) return fail(service.error(), "serve --data " + plan->service.data_directory);
    const auto clean = serve_until_stopped(*plan, **service, metrics, log, stop_signals);
    if (!clean) {
        (*service)->stop();
        return tl::unexpected(clean.error());
    }
    log->write(*clean ? server::LogLevel::Info : server::LogLevel::Warning, "server.stopped", {{"clean", *clean}});
    return Printout{};
}

std::vector<Flag> with_mail_flags(std::vector<Flag> flags) {
    for (Flag& flag : mail_flags()) flags.push_back(std::move(flag));
    return flags;
}

}  // namespace

Command serve_command() {
    return {.name = "serve",
            .summary = "Run the verification server",
            .details = "Logs JSON lines to standard error; the line `server.listening` has the address and the port.\n"
                       "SIGTERM or SIGINT: finishes what is in flight and exits 0.\n"
                       "Example: countersign serve --data data --listen 127.0.0.1:4800 --master-key-file master.key",
            .flags = with_mail_flags({kDataFlag,
                      {"--listen", "ADDR:PORT", "Where to listen (default 127.0.0.1:4800); port 0 takes a free one"},
                      kMasterKeyFlag,
                      {"--operator-listen", "ADDR:PORT",
                       "Also serve /metrics and the reasons of /readyz, on this address and nowhere else (default: off)"},
                      {"--insecure-listen", "", "Allow plain HTTP on an address beyond this machine"},
                      {"--io-threads", "N", "Threads that serve connections, 1 to 64 (default: one a core)"},
                      {"--max-connections", "N", "Connections open at once; one more gets 503 (default 4096)"},
                      {"--log-level", "LEVEL", "debug, info (default), warning or error; debug has a line a request"}}),
            .run = serve};
}

}  // namespace countersign::cli
