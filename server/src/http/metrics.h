// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/meter.h"
#include "app/service.h"

namespace countersign::server {

/// Counts for Prometheus. Labels are words of ours alone: no user, key, token, address or path from outside.
class Metrics : public Meter {
  public:
    enum class Kind : unsigned char { Gauge, Counter };
    /// A number that somebody else keeps.
    struct Watched {
        std::string name;  ///< `countersign_...`; of a counter `..._total`
        std::string help;
        Kind kind = Kind::Gauge;
        std::function<double()> value;  ///< asked at each scrape, from any thread; a NaN leaves it out
    };

    [[nodiscard]] static std::shared_ptr<Metrics> make();
    /// Adds it to every text from now on. What `value` refers to outlives the last text.
    virtual void watch(Watched watched) = 0;
    /// Everything counted so far and what the service says of itself now, in Prometheus' text format 0.0.4.
    [[nodiscard]] virtual std::string text(const ServiceDetails& details) const = 0;
};

}  // namespace countersign::server
