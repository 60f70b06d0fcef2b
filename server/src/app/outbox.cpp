// SPDX-License-Identifier: Apache-2.0
#include "app/outbox.h"

#include <algorithm>
#include <future>
#include <utility>

#include "app/contact.h"
#include "app/email_address.h"
#include "app/mail_content.h"
#include "app/notice_text.h"
#include "app/seed_box.h"

namespace countersign::server {
namespace {

/// Where a user's own words are missing.
constexpr std::string_view kSomeSite = "this site";

/// Waits for the reply of a write.
template <class T, class Call>
Answer<T> answer_of(Call call) {
    auto promise = std::make_shared<std::promise<Answer<T>>>();
    auto answered = promise->get_future();
    call([promise](Answer<T> answer) { promise->set_value(std::move(answer)); });
    return answered.get();
}

SeedPlace place_of(const OutboxRecord& mail) { return {mail.realm, mail.user, mail.kind, mail.id, mail.key_id}; }

MailFinish with_fate(OutboxRecord mail, MailFinish::Fate fate) {
    MailFinish finish;
    finish.next_at = mail.next_at;
    finish.mail = std::move(mail);
    finish.fate = fate;
    return finish;
}

}  // namespace

Outbox::Outbox(const Keys& keys, Store& store, MailService mail, std::shared_ptr<Log> log,
               std::function<UnixSeconds()> now)
    : keys_(keys),
      store_(store),
      mail_(std::move(mail)),
      log_(std::move(log)),
      now_(std::move(now)),
      thread_([this] { loop(); }) {}

Outbox::~Outbox() { stop(); }

void Outbox::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    called_.notify_one();
}

void Outbox::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    mail_.mailer->abort();
    called_.notify_one();
    if (thread_.joinable()) thread_.join();
}

bool Outbox::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Outbox::loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        woken_ = false;
        lock.unlock();
        nobody_answers_ = false;
        work();
        lock.lock();
        if (nobody_answers_) called_.wait_for(lock, kPause, [this] { return stopping_; });
        else called_.wait_for(lock, kInterval, [this] { return stopping_ || woken_; });
    }
}

void Outbox::work() {
    if (!alone_) {
        const auto state = store_.outbox_state();
        if (!state || !state->next_at || *state->next_at > now_()) return;
    }
    while (!stopping() && !nobody_answers_ && carry_one()) {
    }
}

bool Outbox::carry_one() {
    const MailLease lease{now_(), alone_};
    auto leased = answer_of<std::optional<OutboxRecord>>([&](auto reply) { store_.lease_mail(lease, std::move(reply)); });
    if (!leased) return false;
    if (!*leased) {
        alone_ = false;
        return false;
    }
    const bool notice = !(*leased)->sealed;
    return finish(notice ? make_mails_of(std::move(**leased)) : send(std::move(**leased)));
}

std::vector<std::string> Outbox::addresses_of(const OutboxRecord& notice, const std::optional<ContactRecord>& contact) {
    std::vector<std::string> addresses;
    const auto add = [&](const std::optional<std::string>& address) {
        if (!address) return log_->write(LogLevel::Error, "mail.address_unreadable", {{"mail", notice.id}});
        const bool known = std::ranges::any_of(addresses, [&](const auto& a) { return is_same_mailbox(a, *address); });
        if (!known) addresses.push_back(*address);
    };
    if (contact) add(open_contact(keys_, *contact));
    for (const std::string_view method : {kEmail, kAlternateEmail}) {
        const auto credentials = store_.find_credentials(notice.realm, notice.user, std::string(method));
        if (!credentials) continue;
        for (const CredentialRecord& c : *credentials) {
            if (c.status == CredentialStatus::Pending) continue;
            add(open_address(keys_, {c.realm, c.user, c.method, c.id, c.key_id}, c.sealed));
        }
    }
    return addresses;
}

MailFinish Outbox::make_mails_of(OutboxRecord notice) {
    const auto contact = store_.find_contact(notice.realm, notice.user);
    if (!contact) return with_fate(std::move(notice), MailFinish::Fate::Release);
    const std::string_view issuer = *contact ? std::string_view((*contact)->issuer) : kSomeSite;
    std::vector<OutboxRecord> mails;
    for (const std::string& address : addresses_of(notice, *contact)) {
        OutboxRecord mail = notice;
        mail.id.append(1, '_').append(std::to_string(mails.size() + 1));
        mail.key_id = keys_.id();
        mail.sealed = seal_mail(keys_, place_of(mail), encode_mail_content(address, {{"issuer", issuer}}).bytes());
        mails.push_back(std::move(mail));
    }
    MailFinish finish = with_fate(std::move(notice), MailFinish::Fate::Erase);
    finish.others = std::move(mails);
    return finish;
}

MailFinish Outbox::send(OutboxRecord mail) {
    const auto kind = parse_mail_kind(mail.kind);
    const auto opened = open_mail(keys_, place_of(mail), *mail.sealed);
    const auto content = opened ? decode_mail_content(*opened) : std::nullopt;
    if (!kind || !content) {
        tell(LogLevel::Error, "mail.unreadable", mail, {});
        return with_fate(std::move(mail), MailFinish::Fate::Dead);
    }
    const UnixSeconds now = now_();
    if (mail.expires_at && *mail.expires_at <= now) return with_fate(std::move(mail), MailFinish::Fate::Erase);
    const std::string time = moment_text(mail.created_at);
    const NoticeNumber number = notice_number(mail.detail);
    std::vector<MailValue> values = content->values;
    values.push_back({"time", time});
    values.push_back({"method", method_text(mail.method)});
    if (!number.name.empty()) values.push_back({number.name, number.text});
    MailTexts texts = mail_.writer->fill(*kind, values);
    const MailResult result = mail_.mailer->send({mail.id, std::string(content->to), std::move(texts.subject),
                                                  std::move(texts.text), std::move(texts.html), now});
    return judge(std::move(mail), result);
}

MailFinish Outbox::judge(OutboxRecord mail, const MailResult& result) {
    MailFinish::Fate fate = MailFinish::Fate::Erase;
    const UnixSeconds now = now_();
    // A mail server that answers, and is slow with this mail, is slow because of whom it is for: others go first.
    const bool slow = result.timed_out && result.reply_code != 0;
    UnixSeconds next{now.value + std::max(retry_seconds(mail.attempts), slow ? kSlowRetrySeconds : 0)};
    if (mail.expires_at) next = std::min(next, *mail.expires_at);
    if (result.outcome == MailOutcome::Sent) {
        tell(LogLevel::Info, "mail.sent", mail, result);
    } else if (stopping()) {
        fate = MailFinish::Fate::Release;
        next = mail.next_at;
    } else if (result.outcome == MailOutcome::Never || now.value - mail.created_at.value >= kGiveUpSeconds) {
        fate = MailFinish::Fate::Dead;
        next = now;
        tell(LogLevel::Error, "mail.dead", mail, result);
    } else {
        fate = MailFinish::Fate::Retry;
        nobody_answers_ = result.reply_code == 0;
        tell(LogLevel::Warning, "mail.put_off", mail, result);
    }
    MailFinish finish = with_fate(std::move(mail), fate);
    finish.next_at = next;
    finish.reply_code = result.reply_code;
    return finish;
}

bool Outbox::finish(MailFinish finish) {
    const bool done = finish.fate != MailFinish::Fate::Release;
    const auto finished = answer_of<bool>([&](auto reply) { store_.finish_mail(std::move(finish), std::move(reply)); });
    return finished.has_value() && done;
}

std::int64_t Outbox::retry_seconds(std::int64_t attempts) noexcept {
    return std::min(kLastRetrySeconds, kFirstRetrySeconds << std::clamp<std::int64_t>(attempts, 0, 8));
}

void Outbox::tell(LogLevel level, std::string_view event, const OutboxRecord& mail, const MailResult& result) {
    log_->write(level, event,
                {{"mail", mail.id},
                 {"kind", mail.kind},
                 {"realm", mail.realm},
                 {"attempt", mail.attempts + 1},
                 {"reply_code", std::int64_t{result.reply_code}},
                 {"reason", result.reason}});
}

}  // namespace countersign::server
