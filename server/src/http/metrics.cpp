// SPDX-License-Identifier: Apache-2.0
// The only file that knows prometheus-cpp, of which the core is linked alone: the listener is ours.
#include "http/metrics.h"

#include <array>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace countersign::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string_view fate_name(CodeFate fate) noexcept {
    switch (fate) {
        case CodeFate::Accepted: return "accepted";
        case CodeFate::Refused: return "refused";
        case CodeFate::Busy: return "busy";
        case CodeFate::Unavailable: break;
    }
    return "unavailable";
}

std::string_view status_class(int status) noexcept {
    constexpr std::array<std::string_view, 6> kClasses{"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
    return status >= 100 && status < 600 ? kClasses[static_cast<std::size_t>(status / 100)] : kClasses[0];
}

MetricFamily gauge(std::string name, std::string help, double value) {
    ClientMetric metric;
    metric.gauge.value = value;
    return {std::move(name), std::move(help), MetricType::Gauge, {metric}};
}

/// What is true now, asked for at each scrape.
void append_gauges(std::vector<MetricFamily>& families, const ServiceDetails& details) {
    families.push_back(gauge("countersign_ready", "Whether codes are checked (1) or held (0).",
                             details.readiness.ready ? 1 : 0));
    families.push_back(gauge("countersign_clock_trusted", "Whether the clock is trusted (1) or codes wait (0).",
                             details.clock == "trusted" ? 1 : 0));
    families.push_back(gauge("countersign_store_healthy", "Whether the last commit reached the disk.",
                             details.store_healthy ? 1 : 0));
    families.push_back(gauge("countersign_queue_length", "Writes that wait for the writer.",
                             static_cast<double>(details.queue_length)));
    if (details.outbox) {
        families.push_back(gauge("countersign_outbox_waiting", "Mails that wait to be sent.",
                                 static_cast<double>(details.outbox->waiting)));
        families.push_back(gauge("countersign_outbox_dead", "Mails given up within 30 days.",
                                 static_cast<double>(details.outbox->dead)));
    }
    if (!details.audit) return;
    families.push_back(gauge("countersign_audit_records", "Sealed records of the audit log.",
                             static_cast<double>(details.audit->size)));
    families.push_back(gauge("countersign_audit_unsealed", "Audit rows not sealed yet, counted up to 10000.",
                             static_cast<double>(details.audit->unsealed)));
    families.push_back(gauge("countersign_audit_lag_seconds", "Age of the oldest audit row not sealed yet.",
                             static_cast<double>(details.audit_lag_seconds())));
}

class PrometheusMetrics final : public Metrics {
  public:
    PrometheusMetrics()
        : codes_(counters("countersign_codes_total", "Codes that were sent, by use and outcome.")),
          requests_(counters("countersign_http_requests_total", "Requests of the main listener, by route and status.")),
          events_(counters("countersign_audit_events_total", "Audit records sealed by this process, by event.")),
          failed_commits_(counters("countersign_failed_commits_total", "Transactions that did not reach the disk.")
                              .Add({})),
          commit_seconds_(histograms("countersign_commit_seconds", "From BEGIN until a batch was on disk.")
                              .Add({}, Buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5})),
          batch_jobs_(histograms("countersign_batch_jobs", "Writes that shared one transaction.")
                          .Add({}, Buckets{1, 2, 4, 8, 16, 32, 64, 128, 256})) {}

    void code(std::string_view use, CodeFate fate) noexcept override {
        codes_.Add({{"use", std::string(use)}, {"outcome", std::string(fate_name(fate))}}).Increment();
    }
    void commit(std::size_t jobs, std::chrono::nanoseconds time) noexcept override {
        commit_seconds_.Observe(std::chrono::duration<double>(time).count());
        batch_jobs_.Observe(static_cast<double>(jobs));
    }
    void failed_commit() noexcept override { failed_commits_.Increment(); }
    void audited(std::string_view event, std::int64_t count) noexcept override {
        events_.Add({{"event", std::string(event)}}).Increment(static_cast<double>(count));
    }
    void request(std::string_view route, int status) noexcept override {
        requests_.Add({{"route", std::string(route)}, {"status", std::string(status_class(status))}}).Increment();
    }

    std::string text(const ServiceDetails& details) const override {
        std::vector<MetricFamily> families = registry_.Collect();
        append_gauges(families, details);
        return prometheus::TextSerializer().Serialize(families);
    }

  private:
    using Buckets = prometheus::Histogram::BucketBoundaries;

    prometheus::Family<prometheus::Counter>& counters(const char* name, const char* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
    }
    prometheus::Family<prometheus::Histogram>& histograms(const char* name, const char* help) {
        return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
    }

    prometheus::Registry registry_;
    prometheus::Family<prometheus::Counter>& codes_;
    prometheus::Family<prometheus::Counter>& requests_;
    prometheus::Family<prometheus::Counter>& events_;
    prometheus::Counter& failed_commits_;
    prometheus::Histogram& commit_seconds_;
    prometheus::Histogram& batch_jobs_;
};

}  // namespace

std::shared_ptr<Metrics> Metrics::make() { return std::make_shared<PrometheusMetrics>(); }

}  // namespace countersign::server
