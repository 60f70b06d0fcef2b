// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/service.h"
#include "http/exchange.h"
#include "http/metrics.h"
#include "http/operator_access.h"

namespace countersign::server {

/// What the operator's listener answers, and the main one never: `GET /metrics`, `GET /readyz` with its reasons,
/// `GET /healthz` (R7). It tells of no user; `OperatorAccess` says who may read.
class OperatorRoutes {
  public:
    /// @param service  outlives this
    OperatorRoutes(Service& service, std::shared_ptr<const Metrics> metrics, std::shared_ptr<const OperatorAccess> access);

    /// Answers at once, on the caller's thread.
    void handle(const HttpRequest& request, const Respond& respond) const;

  private:
    [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;

    Service& service_;
    std::shared_ptr<const Metrics> metrics_;
    std::shared_ptr<const OperatorAccess> access_;
};

}  // namespace countersign::server
