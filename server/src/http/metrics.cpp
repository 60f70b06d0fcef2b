// SPDX-License-Identifier: Apache-2.0
// The only file that knows prometheus-cpp, of which the core is linked alone: the listener is ours.
#include "http/metrics.h"

#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "countersign/version.h"
#include "http/process_facts.h"

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

MetricFamily counter(std::string name, std::string help, double value) {
    ClientMetric metric;
    metric.counter.value = value;
    return {std::move(name), std::move(help), MetricType::Counter, {metric}};
}

/// What is true now, asked for at each scrape.
void append_service(std::vector<MetricFamily>& families, const ServiceDetails& details) {
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
        families.push_back(gauge("countersign_outbox_oldest_seconds", "Age of the oldest mail that waits to be sent.",
                                 static_cast<double>(details.outbox_age_seconds())));
    }
    if (!details.audit) return;
    families.push_back(gauge("countersign_audit_records", "Sealed records of the audit log.",
                             static_cast<double>(details.audit->size)));
    families.push_back(gauge("countersign_audit_unsealed", "Audit rows not sealed yet, counted up to 10000.",
                             static_cast<double>(details.audit->unsealed)));
    families.push_back(gauge("countersign_audit_lag_seconds", "Age of the oldest audit row not sealed yet.",
                             static_cast<double>(details.audit_lag_seconds())));
}

void append_known(std::vector<MetricFamily>& families, MetricFamily family) {
    const ClientMetric& metric = family.metric.front();
    if (!std::isnan(family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value)) {
        families.push_back(std::move(family));
    }
}

/// Under the names that Prometheus' own libraries use.
void append_process(std::vector<MetricFamily>& families, double started) {
    const ProcessFacts facts = read_process_facts();
    append_known(families, counter("process_cpu_seconds_total", "Time on processors.", facts.cpu_seconds));
    append_known(families, gauge("process_resident_memory_bytes", "Memory that is resident.", facts.resident_bytes));
    append_known(families, gauge("process_open_fds", "File descriptors that are open.", facts.open_files));
    append_known(families, gauge("process_max_fds", "File descriptors that may be open.", facts.open_files_limit));
    append_known(families, gauge("process_start_time_seconds", "When it started, Unix time.", started));
}

MetricFamily build_info() {
    MetricFamily family = gauge("countersign_build_info", "1; the label has the version.", 1);
    family.metric.front().label.push_back({"version", kVersion});
    return family;
}

/// Counters with labels of ours, found again without a lock of the registry's: one is counted at each request.
class LabeledCounters {
  public:
    using Names = std::pair<std::string_view, std::string_view>;  ///< the two labels

    LabeledCounters(prometheus::Family<prometheus::Counter>& family, Names names) : family_(family), names_(names) {}

    /// @param values  in static storage
    void increment(Names values) {
        {
            const std::shared_lock lock(mutex_);
            if (const auto found = counters_.find(values); found != counters_.end()) return found->second->Increment();
        }
        auto& counter = family_.Add({{std::string(names_.first), std::string(values.first)},
                                     {std::string(names_.second), std::string(values.second)}});
        counter.Increment();
        const std::unique_lock lock(mutex_);
        counters_.emplace(values, &counter);
    }

  private:
    prometheus::Family<prometheus::Counter>& family_;
    Names names_;
    std::shared_mutex mutex_;
    std::map<Names, prometheus::Counter*> counters_;
};

class PrometheusMetrics final : public Metrics {
  public:
    PrometheusMetrics()
        : codes_(counters("countersign_codes_total", "Codes that were sent, by use and outcome."), {"use", "outcome"}),
          requests_(counters("countersign_http_requests_total", "Requests of the main listener, by route and status."),
                    {"route", "status"}),
          events_(counters("countersign_audit_events_total", "Audit records sealed by this process, by event.")),
          failed_commits_(counters("countersign_failed_commits_total", "Transactions that did not reach the disk.")
                              .Add({})),
          shipped_(counters("countersign_audit_shipped_total", "Audit records written for shipping, by where to.")),
          shipping_failures_(counters("countersign_audit_shipping_failures_total",
                                      "Times that audit records could not be written for shipping, by where to.")),
          request_seconds_(histograms("countersign_http_request_seconds", "From a request's last byte until its answer.")
                               .Add({}, Buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5})),
          commit_seconds_(histograms("countersign_commit_seconds", "From BEGIN until a batch was on disk.")
                              .Add({}, Buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5})),
          batch_jobs_(histograms("countersign_batch_jobs", "Writes that shared one transaction.")
                          .Add({}, Buckets{1, 2, 4, 8, 16, 32, 64, 128, 256})) {}

    void code(std::string_view use, CodeFate fate) noexcept override {
        codes_.increment({use, fate_name(fate)});
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
        requests_.increment({route, status_class(status)});
    }
    void answered(std::chrono::nanoseconds time) noexcept override {
        request_seconds_.Observe(std::chrono::duration<double>(time).count());
    }
    void audit_shipped(std::string_view to, std::int64_t count) noexcept override {
        shipped_.Add({{"to", std::string(to)}}).Increment(static_cast<double>(count));
    }
    void audit_shipping_failed(std::string_view to) noexcept override {
        shipping_failures_.Add({{"to", std::string(to)}}).Increment();
    }
    void watch(Watched watched) override {
        const std::lock_guard lock(watching_);
        watched_.push_back(std::move(watched));
    }

    std::string text(const ServiceDetails& details) const override {
        std::vector<MetricFamily> families = registry_.Collect();
        append_service(families, details);
        append_watched(families);
        families.push_back(build_info());
        append_process(families, started_);
        return prometheus::TextSerializer().Serialize(families);
    }

  private:
    using Buckets = prometheus::Histogram::BucketBoundaries;

    void append_watched(std::vector<MetricFamily>& families) const {
        const std::lock_guard lock(watching_);
        for (const Watched& watched : watched_) {
            const double value = watched.value();
            append_known(families, watched.kind == Kind::Counter ? counter(watched.name, watched.help, value)
                                                                  : gauge(watched.name, watched.help, value));
        }
    }

    prometheus::Family<prometheus::Counter>& counters(const char* name, const char* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
    }
    prometheus::Family<prometheus::Histogram>& histograms(const char* name, const char* help) {
        return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
    }

    prometheus::Registry registry_;
    LabeledCounters codes_;
    LabeledCounters requests_;
    prometheus::Family<prometheus::Counter>& events_;
    prometheus::Counter& failed_commits_;
    prometheus::Family<prometheus::Counter>& shipped_;
    prometheus::Family<prometheus::Counter>& shipping_failures_;
    prometheus::Histogram& request_seconds_;
    prometheus::Histogram& commit_seconds_;
    prometheus::Histogram& batch_jobs_;
    double started_ = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    mutable std::mutex watching_;
    std::vector<Watched> watched_;
};

}  // namespace

std::shared_ptr<Metrics> Metrics::make() { return std::make_shared<PrometheusMetrics>(); }

}  // namespace countersign::server
