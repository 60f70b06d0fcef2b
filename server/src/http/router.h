// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "app/log.h"
#include "app/meter.h"
#include "app/service.h"
#include "http/exchange.h"
#include "http/routes.h"

namespace countersign::server {

/// From a request to its route: finds it, proves the caller, checks the media type, logs the outcome.
///
/// Needs no socket. What it checks comes in a fixed order (route, method, token, media type, body), so that
/// a caller without a token learns nothing about bodies.
class Router {
  public:
    /// @param service  has to outlive the router and every reply
    /// @param meter  outlives the router and every reply, too
    Router(Service& service, std::shared_ptr<Log> log, Meter& meter = Meter::none());

    /// Returns at once; `respond` is called once, from any thread.
    void handle(HttpRequest request, Respond respond);

  private:
    void dispatch(HttpRequest request, const Route* route, Respond respond);
    [[nodiscard]] std::string next_request_id();

    Service& service_;
    std::shared_ptr<Log> log_;
    Meter& meter_;
    std::string id_prefix_;
    std::atomic<std::uint64_t> id_count_{0};
};

}  // namespace countersign::server
