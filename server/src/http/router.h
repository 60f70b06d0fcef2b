// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "app/log.h"
#include "app/meter.h"
#include "app/service.h"
#include "http/client_limit.h"
#include "http/exchange.h"
#include "http/refusal_budget.h"
#include "http/routes.h"
#include "http/session_limit.h"

namespace countersign::server {

/// From a request to its route: finds it, proves the caller, checks the media type, logs the outcome.
///
/// Every answer carries `X-Request-Id`, a problem document names it as its `instance`, and the log line has it.
/// Needs no socket. What it checks comes in a fixed order (route, method, token, media type, body), so that
/// a caller without a token learns nothing about bodies.
class Router {
  public:
    static constexpr std::size_t kMostOfAnAddress = 100;

    /// @param service  has to outlive the router and every reply
    /// @param meter  outlives the router and every reply, too
    /// @param most_of_an_address  requests a second with a session's token: a back end's have no limit (R15)
    Router(Service& service, std::shared_ptr<Log> log, Meter& meter = Meter::none(),
           std::size_t most_of_an_address = kMostOfAnAddress);

    /// Returns at once; `respond` is called once, from any thread.
    void handle(HttpRequest request, Respond respond);

  private:
    struct Mark;
    [[nodiscard]] Answer<Caller> admit(const Route& route, const HttpRequest& request);
    [[nodiscard]] Answer<void> check(const Route& route, const SessionCaller& session);
    void write_line(const Mark& mark, const Route* route, int status, std::chrono::steady_clock::duration time);
    void dispatch(HttpRequest request, const Route* route, Mark& mark, Respond respond);
    void finish(const Mark& mark, const Route* route, HttpResponse& response);

    Service& service_;
    std::shared_ptr<Log> log_;
    Meter& meter_;
    ClientLimit clients_;
    SessionLimit sessions_;
    RefusalBudget refusals_;
};

}  // namespace countersign::server
