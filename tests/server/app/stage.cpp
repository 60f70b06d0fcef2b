// SPDX-License-Identifier: Apache-2.0
#include "stage.h"

#include <stdexcept>

#include "countersign/otpauth_uri.h"

using namespace countersign;
using namespace countersign::server;

namespace {

template <class T>
T expect(Answer<T> answer) {
    if (!answer) throw std::runtime_error(std::string(server_error_name(answer.error().code)) + " " + answer.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*answer);
}

}  // namespace

void KeptLog::write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) {
    const std::lock_guard lock(mutex_);
    text_.append(event);
    for (const LogField& field : fields) {
        text_.append(1, ' ').append(field.key).append(1, '=');
        if (const auto* text = std::get_if<std::string_view>(&field.value)) text_.append(*text);
    }
    text_.append(1, '\n');
}

std::string KeptLog::text() const {
    const std::lock_guard lock(mutex_);
    return text_;
}

Stage::Stage() : data(directory.file("data")), key_file(directory.file("master.key")) {
    expect(write_master_key(key_file));
    CreatedAppKey key = expect(administration()->create_app_key("default", "test"));
    app_token = std::string(key.token.text());
    start();
    caller = expect(service->authenticate_app(app_token));
}

Stage::~Stage() = default;

void Stage::start() { service = expect(Service::start({data, key_file, 1}, clock, log)); }

std::unique_ptr<Administration> Stage::administration() {
    return expect(Administration::open(data, key_file, true, clock));
}

SessionCaller Stage::open_session(const std::string& user) {
    OpenedSession opened = expect(await<OpenedSession>([&](Reply<OpenedSession> reply) {
        service->open_session(caller, {user, "manage", "someone@example.com", "Example"}, std::move(reply));
    }));
    return expect(service->authenticate_session(opened.token.text()));
}

Answer<PendingTotp> Stage::begin(const SessionCaller& session) {
    return await<PendingTotp>([&](Reply<PendingTotp> reply) { service->begin_totp(session, std::move(reply)); });
}

Answer<ConfirmAnswer> Stage::confirm(const SessionCaller& session, const std::string& pending,
                                     std::string_view code) {
    return await<ConfirmAnswer>([&](Reply<ConfirmAnswer> reply) {
        service->confirm_totp(session, {pending, Secret(code)}, std::move(reply));
    });
}

Answer<VerifyAnswer> Stage::verify(const std::string& user, std::string_view code) {
    return await<VerifyAnswer>([&](Reply<VerifyAnswer> reply) {
        service->verify(caller, {user, "totp", Secret(code)}, std::move(reply));
    });
}

MethodState Stage::totp_of(const std::string& user) {
    return expect(await<std::vector<MethodState>>([&](Reply<std::vector<MethodState>> reply) {
               service->list_methods("default", user, std::move(reply));
           }))
        .at(0);
}

Enrolled Stage::enroll(const std::string& user) {
    const SessionCaller session = open_session(user);
    const PendingTotp pending = expect(begin(session));
    Enrolled enrolled{pending.pending_id, seed_of(pending), {}};
    enrolled.confirming_code = code(enrolled.seed);
    const ConfirmAnswer answer = expect(confirm(session, pending.pending_id, enrolled.confirming_code));
    if (!answer.ok) throw std::runtime_error("the enrollment was not confirmed");
    return enrolled;
}

std::string Stage::code(const Secret& seed, std::int64_t steps) const {
    const auto made = generate_totp(seed.bytes(), UnixSeconds{clock->wall().value + 30 * steps});
    return std::string(made.value().text());
}

std::string Stage::wrong_code(const Secret& seed) const {
    for (int i = 0;; ++i) {
        std::string candidate = std::to_string(100000 + i);
        const auto found = locate_totp(seed.bytes(), candidate, clock->wall(), kMaxLocateRadius);
        if (!found.value()) return candidate;
    }
}

std::int64_t Stage::number(const std::string& sql) {
    SQLite::Database outside(database(), SQLite::OPEN_READWRITE, 5000);
    return outside.execAndGet(sql).getInt64();
}

void Stage::change(const std::string& sql) {
    SQLite::Database outside(database(), SQLite::OPEN_READWRITE, 5000);
    outside.exec(sql);
}

Secret seed_of(const PendingTotp& pending) {
    auto parsed = parse_otpauth_uri(pending.uri.text());
    return std::move(parsed.value().uri.secret);
}
