// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/meter.h"
#include "app/service.h"

namespace countersign::server {

/// Counts for Prometheus. Labels are words of ours alone: no user, key, token, address or path from outside.
class Metrics : public Meter {
  public:
    [[nodiscard]] static std::shared_ptr<Metrics> make();
    /// Everything counted so far and what the service says of itself now, in Prometheus' text format 0.0.4.
    [[nodiscard]] virtual std::string text(const ServiceDetails& details) const = 0;
};

}  // namespace countersign::server
