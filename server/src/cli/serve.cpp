// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "app/service.h"
#include "app/system_clock.h"
#include "cli/audit_shipping.h"
#include "cli/commands.h"
#include "cli/serve_listeners.h"
#include "cli/serve_plan.h"
#include "cli/service_manager.h"
#include "cli/settings.h"
#include "cli/store_facts.h"
#include "http/metrics.h"
#include "http/policy_codec.h"
#include "log/json_log.h"

namespace countersign::cli {
namespace {

// The process holds every seed and the master key: no debugger of the same user either.
void harden_process() {
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

// Blocked before the first thread is made, so that every thread leaves them to `serve_until_told`.
sigset_t block_signals() {
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));  // a file too large is an error to be answered, as a full disk is
    return awaited;
}

/// Until SIGTERM or SIGINT; reloads upon each SIGHUP, which waits while the server starts.
void serve_until_told(const sigset_t& awaited, Reloader& reloader) {
    int received = 0;
    while (::sigwait(&awaited, &received) != 0 || received == SIGHUP) {
        if (received == SIGHUP) reloader.reload();
        received = 0;
    }
    // Stopping is bounded in time; who does not want to wait presses Ctrl-C once more.
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    ::pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
}

/// Serves until the signal comes. @return whether everything in flight was answered
Checked<bool> serve_until_stopped(const ServePlan& plan, server::Service& service,
                                  const std::shared_ptr<server::Metrics>& metrics,
                                  const std::shared_ptr<server::Log>& log, Reloader& reloader,
                                  const sigset_t& signals) {
    const auto listeners = ServeListeners::start(plan, service, metrics, log, reloader.hooks());
    if (!listeners) return tl::unexpected(listeners.error());
    tell_service_manager("READY=1");

    serve_until_told(signals, reloader);
    tell_service_manager("STOPPING=1");
    log->write(server::LogLevel::Info, "server.stopping", {});
    const bool clean = (*listeners)->stop();
    service.stop();  // before the router goes: replies may still be under way
    return clean;
}

Checked<Printout> serve(const Arguments& arguments) {
    auto plan = read_plan(arguments);
    if (!plan) return tl::unexpected(plan.error());
    harden_process();
    const sigset_t signals = block_signals();

    const auto log = server::make_json_log(plan->log_level);
    const auto metrics = server::Metrics::make();
    watch_store(*metrics, plan->service.data_directory);
    plan->service.meter = metrics;
    plan->service.policy_form = server::json_policy_form();
    const auto service = server::Service::start(plan->service, server::make_system_clock(), log);
    if (!service) return fail(service.error(), "serve --data " + plan->service.data_directory);
    Reloader reloader(arguments, log);
    metrics->watch({"countersign_config_reload_failed", "Whether the last reload was refused (1).",
                    server::Metrics::Kind::Gauge, [failed = reloader.failed()] { return *failed ? 1.0 : 0.0; }});
    reloader.hooks().emplace_back([log](const ServePlan& now) -> tl::expected<void, std::string> {
        log->set_least(now.log_level);
        return {};
    });
    const auto shipper = start_audit_shipping(*plan, log, *metrics);
    if (!shipper) {
        (*service)->stop();
        return tl::unexpected(shipper.error());
    }
    reloader.hooks().emplace_back([&shipper](const ServePlan&) -> tl::expected<void, std::string> {
        if (*shipper) (*shipper)->reopen();
        return {};
    });
    const auto clean = serve_until_stopped(*plan, **service, metrics, log, reloader, signals);
    if (*shipper) (*shipper)->stop();  // what was sealed last, too
    if (!clean) {
        (*service)->stop();
        return tl::unexpected(clean.error());
    }
    log->write(*clean ? server::LogLevel::Info : server::LogLevel::Warning, "server.stopped", {{"clean", *clean}});
    return Printout{};
}

}  // namespace

Command serve_command() {
    return {.name = "serve",
            .summary = "Run the verification server",
            .details = "Logs JSON lines to standard error; the line `server.listening` has the address and the port.\n"
                       "SIGTERM or SIGINT: finishes what is in flight and exits 0. SIGHUP: reads the settings again.\n"
                       "Example: countersign serve --data data --listen 127.0.0.1:4800 --master-key-file master.key",
            .flags = setting_flags(),
            .run = serve};
}

}  // namespace countersign::cli
