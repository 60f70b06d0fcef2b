// SPDX-License-Identifier: Apache-2.0
#include "app/service.h"

#include <utility>

#include "app/local_service.h"
#include "app/master_key.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/tokens.h"

namespace countersign::server {

Answer<std::unique_ptr<Service>> Service::start(const ServiceOptions& options, std::shared_ptr<const Clock> clock,
                                                std::shared_ptr<Log> log) {
    auto master = read_master_key(options.master_key_file, options.data_directory);
    if (!master) return tl::unexpected(std::move(master.error()));
    Keys keys(master->bytes());
    auto store = open_store(options.data_directory);
    if (!store) return tl::unexpected(std::move(store.error()));
    const auto matches = (*store)->match_key(keys.token_hash({"cs-key-check-1"}));
    if (!matches) return tl::unexpected(matches.error());
    if (!*matches) return refuse(ServerErrorCode::MasterKeyMismatch, options.master_key_file);
    const auto state = (*store)->state();
    if (!state) return tl::unexpected(state.error());
    return std::make_unique<LocalService>(std::move(keys), std::move(*store), *state, std::move(clock),
                                          std::move(log), options.meter, options.policy_form, options.mail);
}

LocalService::LocalService(Keys keys, std::unique_ptr<Store> store, const StoreState& state,
                           std::shared_ptr<const Clock> clock, std::shared_ptr<Log> log,
                           std::shared_ptr<Meter> meter, PolicyForm form, const MailService& mail)
    : keys_(std::move(keys)),
      store_(std::move(store)),
      time_(std::move(clock), state),
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
                       }}) {
    decoy_.credential = make_random_id("crd_");
    decoy_.sealed = seal_seed(keys_, {"", "", kTotp, decoy_.credential}, Secret::random(kSeedBytes).bytes());
    store_->start_writer(time_, *meter_);
    sealer_ = std::make_unique<AuditSealer>(*store_, Secret(keys_.audit()), log_, *meter_);
    if (mail.mailer) {
        outbox_ = std::make_unique<Outbox>(keys_, *store_, mail, log_, [this] { return read_time().now; });
    }
    log_->write(LogLevel::Info, "service.started", {{"epoch", state.epoch}});
}

LocalService::~LocalService() { stop(); }

void LocalService::stop() {
    if (stopped_.exchange(true)) return;
    security_codes_.stop();  // what it has begun still reaches the writer
    if (outbox_) outbox_->stop();
    sealer_->stop();
    store_->stop_writer();
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
    if (!store_->healthy()) return {false, "the last commit failed"};
    return {true, {}};
}

}  // namespace countersign::server
