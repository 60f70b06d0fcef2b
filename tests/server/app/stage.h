// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/administration.h"
#include "app/people.h"
#include "app/service.h"
#include "countersign/sealed_box.h"
#include "fixed_clock.h"
#include "temporary_directory.h"

/// Keeps every line, to look for what must not be in it.
class KeptLog final : public countersign::server::Log {
  public:
    void write(countersign::server::LogLevel level, std::string_view event,
               std::initializer_list<countersign::server::LogField> fields) override;
    [[nodiscard]] std::string text() const;

  private:
    mutable std::mutex mutex_;
    std::string text_;
};

struct Enrolled {
    std::string credential;
    countersign::Secret seed;
    std::string confirming_code;
};

/// A pending enrollment with its box opened, as the widget has it.
struct Begun {
    std::string pending_id;
    std::string sealed;
    countersign::Secret uri;
    countersign::UnixSeconds expires_at;
};

/// Waits for the one reply of a call.
template <class T, class Call>
countersign::server::Answer<T> await(Call call) {
    auto promise = std::make_shared<std::promise<countersign::server::Answer<T>>>();
    auto future = promise->get_future();
    call([promise](countersign::server::Answer<T> answer) { promise->set_value(std::move(answer)); });
    return future.get();
}

/// A whole service on a data directory of its own, with a clock that stands still.
class Stage {
  public:
    Stage();
    ~Stage();

    void start();
    void stop() { service.reset(); }
    [[nodiscard]] std::unique_ptr<countersign::server::Administration> administration();
    /// As `users import` does it, of seeds that nobody has used.
    [[nodiscard]] countersign::server::Answer<countersign::server::PeopleImportReport> import_users(
        const std::string& csv, const std::string& realm = "default",
        countersign::server::ImportOptions options = {.fresh = true});

    [[nodiscard]] countersign::server::SessionCaller open_session(const std::string& user);
    /// The same session keeps its key pair, as a widget does.
    [[nodiscard]] countersign::server::Answer<Begun> begin(const countersign::server::SessionCaller& session,
                                                           const std::string& replaces = {},
                                                           const std::string& name = {});
    /// From now on the session has another key pair.
    void forget_box_keys(const countersign::server::SessionCaller& session) { box_keys_.erase(session.session_id); }
    [[nodiscard]] countersign::server::Answer<countersign::server::ElevateAnswer> elevate(
        const countersign::server::SessionCaller& session, std::string_view code);
    [[nodiscard]] countersign::server::Answer<void> remove(const countersign::server::SessionCaller& session,
                                                           const std::string& credential);
    [[nodiscard]] countersign::server::OwnMethods own_methods(const countersign::server::SessionCaller& session);
    [[nodiscard]] countersign::server::Answer<countersign::server::ConfirmAnswer> confirm(
        const countersign::server::SessionCaller& session, const std::string& pending, std::string_view code);
    [[nodiscard]] countersign::server::Answer<countersign::server::VerifyAnswer> verify(const std::string& user,
                                                                                       std::string_view code);
    /// All of the user's, and the first.
    [[nodiscard]] std::vector<countersign::server::MethodState> methods_of(const std::string& user);
    [[nodiscard]] countersign::server::MethodState totp_of(const std::string& user) { return methods_of(user).at(0); }
    /// Begins and confirms with the code of now.
    [[nodiscard]] Enrolled enroll(const std::string& user);
    /// The same in a session that is there already, elevated where that is needed.
    [[nodiscard]] Enrolled enroll(const countersign::server::SessionCaller& session, const std::string& replaces = {});
    /// The code `steps` steps from now, and one that fits no step near it.
    [[nodiscard]] std::string code(const countersign::Secret& seed, std::int64_t steps = 0) const;
    [[nodiscard]] std::string wrong_code(const countersign::Secret& seed) const;

    /// The store seen from outside, as another process would.
    [[nodiscard]] std::int64_t number(const std::string& sql);
    void change(const std::string& sql);
    [[nodiscard]] std::string database() const { return data + "/countersign.sqlite"; }

    TemporaryDirectory directory;
    std::string data;
    std::string key_file;
    std::shared_ptr<FixedClock> clock = std::make_shared<FixedClock>();
    std::shared_ptr<KeptLog> log = std::make_shared<KeptLog>();
    countersign::server::AppCaller caller;
    std::string app_token;
    std::unique_ptr<countersign::server::Service> service;

  private:
    std::map<std::string, countersign::BoxKeyPair> box_keys_;
};

/// The seed inside an enrollment's URI.
[[nodiscard]] countersign::Secret seed_of(const Begun& pending);
