// SPDX-License-Identifier: Apache-2.0
#include "app/service.h"

#include <utility>

#include "app/guard_file.h"
#include "app/key_unlock.h"
#include "app/local_service.h"
#include "app/master_key.h"
#include "app/older_store.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/tokens.h"

namespace countersign::server {

Answer<std::unique_ptr<Service>> Service::start(const ServiceOptions& options, std::shared_ptr<const Clock> clock,
                                                std::shared_ptr<Log> log) {
    const KeyFiles files{options.data_directory, options.master_key_file, options.previous_master_key_file,
                         options.guard_directory};
    if (auto master = read_master_key(files.master_key_file, files.data_directory); !master) {
        return tl::unexpected(std::move(master.error()));  // before a store is made for it
    }
    if (auto apart = refuse_guard_inside(files.guard_directory, files.data_directory); !apart) {
        return tl::unexpected(std::move(apart.error()));
    }
    if (auto fit = check_before_upgrade(files); !fit) return tl::unexpected(std::move(fit.error()));
    auto store = open_store(options.data_directory, options.cache_mib);
    if (!store) return tl::unexpected(std::move(store.error()));
    auto key_store = open_key_store(files.data_directory);
    if (!key_store) return tl::unexpected(std::move(key_store.error()));
    auto keys = unlock_keys(files, KeyUse::Serve, **key_store, clock->wall());
    if (!keys) return tl::unexpected(std::move(keys.error()));
    const auto mark = (*key_store)->mark();
    if (!mark) return tl::unexpected(mark.error());
    const auto state = (*store)->state();
    if (!state) return tl::unexpected(state.error());
    auto guard = std::make_unique<GuardKeeper>(GuardFile(files.guard_directory, files.master_key_file, mark->id),
                                               std::move(*key_store), log);
    return std::make_unique<LocalService>(std::move(*keys), std::move(*store), *state, std::move(clock),
                                          std::move(log), options.meter, options.policy_form, options.mail,
                                          std::move(guard));
}

LocalService::LocalService(Keys keys, std::unique_ptr<Store> store, const StoreState& state,
                           std::shared_ptr<const Clock> clock, std::shared_ptr<Log> log,
                           std::shared_ptr<Meter> meter, PolicyForm form, const MailService& mail,
                           std::unique_ptr<GuardKeeper> guard)
    : keys_(std::move(keys)),
      store_(std::move(store)),
      time_(std::move(clock), state),
      floor_(state.floor_time),
      log_(std::move(log)),
      meter_(meter ? std::move(meter) : std::make_shared<Meter>()),
      security_codes_({keys_, *store_, admission_, *log_, form, [this] { return time_for_codes(); }}),
      questions_({keys_, *store_, admission_, *log_, security_codes_.pool(), [this] { return time_for_codes(); },
                  [this](const std::string& realm) { return security_codes_.policy_of(realm); }}),
      mail_methods_({keys_, *store_, admission_, *log_,
                     [this](const std::string& realm) { return security_codes_.policy_of(realm); },
                     [this] { return time_for_codes(); },
                     mail.mailer ? std::function<void()>([this] { outbox_->wake(); }) : nullptr}),
      challenges_({keys_, *store_, *meter_, security_codes_, [this] { return time_for_codes(); },
                   [this](CodeAttempt typed, Reply<LoginDecision> reply) {
                       try_code(std::move(typed), std::move(reply));
                   },
                   mail_methods_.sends() ? &mail_methods_ : nullptr, &questions_}),
      administrators_({keys_, *store_, admission_, security_codes_.pool(), form, [this] { return time_for_codes(); },
                       [this](const std::string& realm) { return security_codes_.policy_of(realm); },
                       [this](const std::string& realm, const std::string& user, Secret code, UnixSeconds now) {
                           return examine({realm, user, std::string(kTotp), std::move(code), {},
                                           [] { return AttemptPurpose{}; }}, now);
                       },
                       [this](const AppCaller& caller, const std::string& user, Reply<std::vector<MethodState>> reply) {
                           list_methods(caller, user, std::move(reply));
                       }}),
      guard_(std::move(guard)) {
    decoy_.credential = make_random_id("crd_");
    decoy_.sealed = seal_seed(keys_, {"", "", kTotp, decoy_.credential}, Secret::random(kSeedBytes).bytes());
    store_->start_writer(time_, *meter_);
    sealer_ = std::make_unique<AuditSealer>(*store_, Secret(keys_.audit()), log_, *meter_);
    if (mail.mailer) {
        outbox_ = std::make_unique<Outbox>(keys_, *store_, mail, log_, [this] { return read_time().now; });
    }
    log_->write(LogLevel::Info, "service.started",
                {{"epoch", state.epoch}, {"rotation_under_way", keys_.previous() != nullptr}});
    if (const Readiness first = LocalService::readiness(); !first.ready) {
        log_->write(LogLevel::Error, "service.not_ready", {{"reason", std::string_view(first.reason)}});
    }
}

LocalService::~LocalService() { stop(); }

void LocalService::stop() {
    if (stopped_.exchange(true)) return;
    security_codes_.stop();  // what it has begun still reaches the writer
    if (outbox_) outbox_->stop();
    sealer_->stop();
    store_->stop_writer();
    if (guard_) guard_->stop();
}

Timekeeper::Reading LocalService::read_time() {
    Timekeeper::Reading reading = time_.read();
    if (reading.trust != Timekeeper::Trust::Reliable) {
        // Nothing is written while codes wait, so an operator's word has to be asked for.
        if (const auto state = store_->state()) {
            time_.observe(*state);
            reading = time_.read();
        }
    }
    if (last_trust_.exchange(reading.trust) != reading.trust) {
        const bool good = reading.trust == Timekeeper::Trust::Reliable;
        log_->write(good ? LogLevel::Info : LogLevel::Error, good ? "clock.trusted" : "clock.unreliable",
                    {{"reason", trust_sentence(reading.trust)}});
    }
    return reading;
}

Answer<UnixSeconds> LocalService::time_for_codes() {
    const Timekeeper::Reading reading = read_time();
    if (reading.trust != Timekeeper::Trust::Reliable) {
        return refuse(ServerErrorCode::ClockUnreliable, {}, kClockRetrySeconds);
    }
    return reading.now;
}

ServiceDetails LocalService::details() {
    const Timekeeper::Reading reading = read_time();
    ServiceDetails details;
    details.readiness = readiness();
    details.clock = reading.trust == Timekeeper::Trust::Reliable ? "trusted" : trust_sentence(reading.trust);
    details.store_healthy = store_->healthy();
    details.queue_length = store_->queue_length();
    details.now = reading.now;
    if (auto backlog = store_->audit_backlog()) details.audit = *backlog;
    if (outbox_) {
        if (auto outbox = store_->outbox_state()) details.outbox = *outbox;
    }
    return details;
}

Readiness LocalService::readiness() {
    const Timekeeper::Reading reading = read_time();
    if (reading.trust != Timekeeper::Trust::Reliable) return {false, std::string(trust_sentence(reading.trust))};
    if (floor_.value > reading.now.value + Timekeeper::kAllowedFloorSeconds) {
        return {false, "a restore was made while the clock was ahead, and nothing is accepted before that time"};
    }
    if (!store_->healthy()) return {false, "the last commit failed, or a sync of the database file did"};
    return {true, {}};
}

}  // namespace countersign::server
