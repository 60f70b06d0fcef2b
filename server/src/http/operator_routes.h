// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/service.h"
#include "http/exchange.h"
#include "http/metrics.h"

namespace countersign::server {

/// What the operator's listener answers, and the main one never: `GET /metrics`, `GET /readyz` with its reasons,
/// `GET /healthz` (R7). No token: whoever reaches the address may read; it tells of no user.
class OperatorRoutes {
  public:
    /// @param service  outlives this
    OperatorRoutes(Service& service, std::shared_ptr<const Metrics> metrics);

    /// Answers at once, on the caller's thread.
    void handle(const HttpRequest& request, const Respond& respond) const;

  private:
    [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;

    Service& service_;
    std::shared_ptr<const Metrics> metrics_;
};

}  // namespace countersign::server
