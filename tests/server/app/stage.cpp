// SPDX-License-Identifier: Apache-2.0
#include "stage.h"

#include <sstream>
#include <stdexcept>

#include "app/base64url.h"
#include "app/import_csv.h"
#include "countersign/otpauth_uri.h"
#include "http/policy_codec.h"

using namespace countersign;
using namespace countersign::server;

namespace {

template <class T>
T expect(Answer<T> answer) {
    if (!answer) throw std::runtime_error(std::string(server_error_name(answer.error().code)) + " " + answer.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*answer);
}

/// Of any length, unlike the server's own, which reads one length alone.
std::vector<std::uint8_t> bytes_of_base64url(const std::string& text) {
    const auto bytes = decode_base64url(text, text.size() * 3 / 4);
    if (!bytes) throw std::runtime_error("this is no base64url");
    return *bytes;
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

void Stage::start() { service = expect(Service::start({data, key_file, 1, {}, json_policy_form()}, clock, log)); }

std::unique_ptr<Administration> Stage::administration() {
    return expect(Administration::open(data, key_file, true, clock));
}

SessionCaller Stage::open_session(const std::string& user) {
    OpenedSession opened = expect(await<OpenedSession>([&](Reply<OpenedSession> reply) {
        service->open_session(caller, {user, "manage", "someone@example.com", "Example"}, std::move(reply));
    }));
    return expect(service->authenticate_session(opened.token.text()));
}

Answer<Begun> Stage::begin(const SessionCaller& session, const std::string& replaces, const std::string& name) {
    const BoxKeyPair& keys = box_keys_.try_emplace(session.session_id, make_box_key_pair()).first->second;
    BeginTotpRequest request{encode_base64url(keys.public_key), {}, {}};
    if (!replaces.empty()) request.replaces = replaces;
    if (!name.empty()) request.name = name;
    auto pending = await<PendingTotp>([&](Reply<PendingTotp> reply) {
        service->begin_totp(session, std::move(request), std::move(reply));
    });
    if (!pending) return tl::unexpected(pending.error());
    const auto box = bytes_of_base64url(pending->sealed);
    auto uri = open_box(keys, {session.token_sha256, session.user, pending->pending_id}, box);
    if (!uri) throw std::runtime_error("the box does not open");
    return Begun{pending->pending_id, pending->sealed, std::move(*uri), pending->expires_at};
}

Answer<ElevateAnswer> Stage::elevate(const SessionCaller& session, std::string_view code) {
    return await<ElevateAnswer>([&](Reply<ElevateAnswer> reply) {
        service->elevate(session, {"totp", Secret(code)}, std::move(reply));
    });
}

Answer<void> Stage::remove(const SessionCaller& session, const std::string& credential) {
    return await<void>([&](Reply<void> reply) { service->remove_totp(session, credential, std::move(reply)); });
}

OwnMethods Stage::own_methods(const SessionCaller& session) {
    return expect(await<OwnMethods>([&](Reply<OwnMethods> reply) {
        service->list_own_methods(session, std::move(reply));
    }));
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

std::vector<MethodState> Stage::methods_of(const std::string& user) {
    return expect(await<std::vector<MethodState>>([&](Reply<std::vector<MethodState>> reply) {
        service->list_methods(caller, user, std::move(reply));
    }));
}

Enrolled Stage::enroll(const std::string& user) { return enroll(open_session(user)); }

Enrolled Stage::enroll(const SessionCaller& session, const std::string& replaces) {
    const Begun pending = expect(begin(session, replaces));
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

Answer<PeopleImportReport> Stage::import_users(const std::string& csv, const std::string& realm, ImportOptions options) {
    std::istringstream in(csv);
    auto batch = read_import_csv(in);
    if (!batch) return tl::unexpected(std::move(batch.error()));
    const auto people = expect(People::open({data, key_file, true}, json_policy_form(), clock));
    return people->import(realm, std::move(*batch), options);
}

std::int64_t Stage::number(const std::string& sql) {
    SQLite::Database outside(database(), SQLite::OPEN_READWRITE, 5000);
    return outside.execAndGet(sql).getInt64();
}

void Stage::change(const std::string& sql) {
    SQLite::Database outside(database(), SQLite::OPEN_READWRITE, 5000);
    outside.exec(sql);
}

Secret seed_of(const Begun& pending) {
    auto parsed = parse_otpauth_uri(pending.uri.text());
    return std::move(parsed.value().uri.secret);
}
