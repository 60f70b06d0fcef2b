// SPDX-License-Identifier: Apache-2.0
#include "cli/serve_listeners.h"

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "countersign/version.h"
#include "http/error_map.h"

namespace countersign::cli {
namespace {

/// A scraper and a person: the operator's listener takes no connections from the main one's share.
constexpr std::size_t kOperatorConnections = 32;

/// 0 when it is gone.
template <class Count>
double of_listener(const std::weak_ptr<const server::Listener>& listener, Count count) {
    const auto there = listener.lock();
    return there ? static_cast<double>((*there.*count)()) : 0.0;
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
    if (!address.listen.loopback && !options.tls) {
        log.write(server::LogLevel::Warning, "server.insecure_listen", {{"address", options.address}});
    }
    log.write(server::LogLevel::Info, event,
              {{"address", options.address},
               {"port", std::int64_t{(*listener)->port()}},
               {"tls", options.tls != nullptr},
               {"version", std::string_view(kVersion)}});
    return std::move(*listener);
}

}  // namespace

ServeListeners::ServeListeners(const ListenerPlan& plan, server::Service& service,
                               const std::shared_ptr<server::Metrics>& metrics, const std::shared_ptr<server::Log>& log)
    : access_(std::make_shared<server::OperatorAccess>(plan.operator_hosts)),
      operator_routes_(service, metrics, access_),
      router_(service, log, *metrics, plan.requests_per_address) {}

Checked<std::unique_ptr<ServeListeners>> ServeListeners::start(const ServePlan& plan, server::Service& service,
                                                               const std::shared_ptr<server::Metrics>& metrics,
                                                               const std::shared_ptr<server::Log>& log,
                                                               ReloadHooks& hooks) {
    std::unique_ptr<ServeListeners> made(new ServeListeners(plan.listeners, service, metrics, log));
    if (auto ready = made->read_files(plan.listeners, hooks); !ready) return tl::unexpected(ready.error());
    if (plan.operator_listen) {
        server::ListenerOptions options;
        options.tls = made->tls_;
        options.connection_limit = kOperatorConnections;
        auto started = start_listener(
            {"--operator-listen", *plan.operator_listen}, options,
            [&routes = made->operator_routes_](const server::HttpRequest& request, const server::Respond& respond) {
                routes.handle(request, respond);
            },
            *log, "server.operator_listening");
        if (!started) return tl::unexpected(started.error());
        made->operators_ = std::move(*started);
    }
    server::ListenerOptions options = plan.listeners.main;
    options.tls = made->tls_;
    options.io_threads = plan.service.io_threads;
    auto started = start_listener(
        {"--listen", plan.listen}, options,
        [&router = made->router_](server::HttpRequest request, server::Respond respond) {
            router.handle(std::move(request), std::move(respond));
        },
        *log, "server.listening");
    if (!started) return tl::unexpected(started.error());
    made->main_ = std::move(*started);
    made->tell(*metrics);
    return made;
}

/// What stands in files of its own, now and upon each reload.
Checked<void> ServeListeners::read_files(const ListenerPlan& plan, ReloadHooks& hooks) {
    if (plan.tls) {
        auto identity = server::TlsIdentity::load(*plan.tls);
        if (!identity) return fail(UsageCode::ListenFailed, "TLS: " + identity.error());
        tls_ = std::move(*identity);
        hooks.emplace_back([tls = tls_](const ServePlan& now) -> tl::expected<void, std::string> {
            if (!now.listeners.tls) return {};
            return tls->reload(*now.listeners.tls);
        });
    }
    if (!plan.operator_token_file.empty()) {
        if (const auto read = access_->read_token(plan.operator_token_file); !read) {
            return fail(UsageCode::ListenFailed, "--operator-token-file " + read.error());
        }
        hooks.emplace_back([access = access_](const ServePlan& now) -> tl::expected<void, std::string> {
            if (now.listeners.operator_token_file.empty()) return {};
            return access->read_token(now.listeners.operator_token_file);
        });
    }
    return {};
}

/// Numbers for the operator. He may ask before the main listener is there, and after it is gone.
void ServeListeners::tell(server::Metrics& metrics) const {
    using Kind = server::Metrics::Kind;
    const std::weak_ptr<const server::Listener> main = main_;  // it goes before the service does
    metrics.watch({"countersign_open_connections", "Connections of the main listener that are open.", Kind::Gauge,
                   [main] { return of_listener(main, &server::Listener::open_connections); }});
    metrics.watch({"countersign_refused_connections_total",
                   "Connections turned away: too many in all, or of one address.", Kind::Counter,
                   [main] { return of_listener(main, &server::Listener::refused_connections); }});
    if (!tls_) return;
    metrics.watch({"countersign_tls_expires_seconds", "Until the certificate in force expires.", Kind::Gauge, [tls = tls_] {
                       return static_cast<double>(tls->valid_until()) - static_cast<double>(std::time(nullptr));
                   }});
}

bool ServeListeners::stop() {
    const bool clean = main_->stop();
    if (operators_) operators_->stop();
    return clean;
}

}  // namespace countersign::cli
