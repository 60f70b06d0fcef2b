// SPDX-License-Identifier: Apache-2.0
#include "route_stage.h"

#include <future>
#include <mutex>
#include <sstream>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/administration.h"
#include "app/base64url.h"
#include "app/import_csv.h"
#include "app/mailer.h"
#include "app/people.h"
#include "app/policies.h"
#include "countersign/sealed_box.h"
#include "countersign/totp.h"
#include "http/policy_codec.h"
#include "require.h"

using namespace countersign;
using namespace countersign::server;
using Json = nlohmann::ordered_json;

/// Takes every mail, and keeps the code of the last one that had any, as its reader sees it.
class Letterbox final : public Mailer, public MailWriter {
  public:
    [[nodiscard]] MailResult send(const Mail&) override { return {MailOutcome::Sent, 250, {}}; }
    [[nodiscard]] MailTexts fill(MailKind, std::span<const MailValue> values) const override {
        const std::lock_guard lock(mutex_);
        for (const MailValue& value : values) {
            if (value.name == "code") code_ = value.value;
        }
        return {"subject", Secret(std::string_view("text")), Secret(std::string_view("html"))};
    }
    [[nodiscard]] std::string code() const {
        const std::lock_guard lock(mutex_);
        return code_;
    }

  private:
    mutable std::mutex mutex_;
    mutable std::string code_ = "000000";
};

namespace {

constexpr std::string_view kNow = "@NOW@\"";
constexpr std::string_view kUsers[] = {"ann", "bob", "staff"};
/// Sessions are begun anew after so many requests: their users change, and some have ended.
constexpr std::size_t kRequestsOfASession = 256;
constexpr std::size_t kRequestsOfAStep = 16;

class NoLog final : public Log {
  public:
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

template <class T>
T must(Answer<T> answer) {
    if (!answer) {
        std::fprintf(stderr, "%s: %s\n", std::string(server_error_name(answer.error().code)).c_str(), answer.error().detail.c_str());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>) return std::move(*answer);
}

std::string seed_text(std::string_view user) {
    std::string text = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    for (std::size_t i = 0; i < user.size(); ++i) text[i] = static_cast<char>('A' + (user[i] - 'a'));
    return text;
}

auto read_csv(const std::string& csv) {
    std::istringstream in(csv);
    return must(read_import_csv(in));
}

}  // namespace

RouteStage::RouteStage() : letterbox_(std::make_shared<Letterbox>()) {
    const std::string data = directory_.file("data");
    const std::string key = directory_.file("master.key");
    must(write_master_key(key));
    {
        const auto administration = must(Administration::open(data, key, true, clock_));
        auto made = must(administration->create_app_key("default", "fuzz", "admin", {"https://shop.example"}));
        tokens_["app_key"] = std::string(made.token.text());
    }
    {
        std::string csv = "user,secret\n";
        for (const std::string_view user : kUsers) csv.append(user).append(",").append(seed_text(user)).append("\n");
        for (ImportRow& row : must(all_or_none(read_csv(csv)))) seeds_.emplace(row.user, std::move(row.seed));
        const auto people = must(People::open({data, key, true}, json_policy_form(), clock_));
        (void)must(people->import("default", read_csv(csv), {.fresh = true}));
    }
    set_policy();
    ServiceOptions options{.data_directory = data, .master_key_file = key};
    options.policy_form = json_policy_form();
    options.mail = {letterbox_, letterbox_};
    const auto log = std::make_shared<NoLog>();
    service_ = must(Service::start(options, clock_, log));
    router_ = std::make_unique<Router>(*service_, log);
    live_["KEY"] = encode_base64url(make_box_key_pair().public_key);
    open_sessions();
}

RouteStage::~RouteStage() {
    service_->stop();
    router_.reset();
}

/// Everything that can be switched on is.
void RouteStage::set_policy() {
    Policy policy;
    policy.login_methods.email = true;
    policy.forgot_phone.enabled = true;
    policy.forgot_phone.user_choice = true;
    policy.forgot_phone.offered = {Alternate::Kba, Alternate::KbaEmail, Alternate::Email};
    policy.security_codes.enabled = true;
    policy.security_codes.kind = CodeKind::Both;
    policy.kba.own = true;
    policy.recovery_hold_hours = 0;
    policy.alternate_hold_hours = 0;
    const auto policies = must(Policies::open(directory_.file("data"), json_policy_form(), clock_));
    (void)must(policies->save("default", policy, "fuzz", std::nullopt));
}

HttpResponse RouteStage::ask(HttpRequest request) {
    struct Told {
        std::mutex mutex;
        int times = 0;
        std::promise<HttpResponse> answer;
    };
    const auto told = std::make_shared<Told>();
    auto answer = told->answer.get_future();
    request.request_id = "fuzz";
    router_->handle(std::move(request), [told](HttpResponse response) {
        const std::lock_guard lock(told->mutex);
        require(++told->times == 1, "a request is answered once");
        told->answer.set_value(std::move(response));
    });
    require(answer.wait_for(std::chrono::seconds(15)) == std::future_status::ready, "a request is answered");
    return answer.get();
}

std::string RouteStage::token(std::string_view credential, std::string_view purpose) const {
    const auto found = tokens_.find(std::string(credential == "session" ? purpose : credential));
    return found == tokens_.end() ? std::string{} : found->second;
}

std::string RouteStage::code_of(const std::string& user) const {
    return std::string(generate_totp(seeds_.at(user).bytes(), clock_->wall()).value().text());
}

std::string RouteStage::filled_in(const std::string& text) const {
    std::string filled;
    std::size_t begin = 0;
    for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', begin)) {
        filled.append(text, begin, at - begin);
        const auto end = text.find('@', at + 1);
        if (text.compare(at, kNow.size(), kNow) == 0 && at > begin) {
            filled.back() = ' ';  // a number has no quotes
            filled.append(std::to_string(clock_->wall().value));
            begin = at + kNow.size();
            continue;
        }
        const auto value = end == std::string::npos ? std::nullopt : value_of(text.substr(at + 1, end - at - 1));
        filled.append(value.value_or("@"));
        begin = value ? end + 1 : at + 1;
    }
    return filled.append(text, begin);
}

std::optional<std::string> RouteStage::value_of(const std::string& name) const {
    if (name == "CODE") return code_of(live_.at("USER"));
    if (name == "MAILCODE") return letterbox_->code();
    const auto found = live_.find(name);
    return found == live_.end() ? std::nullopt : std::optional(found->second);
}

void RouteStage::learn(std::string_view path, const HttpResponse& answer) {
    const auto document = Json::parse(answer.body, nullptr, false);
    if (answer.status >= 300 || !document.is_object()) return;
    const auto take = [&](const char* field, const char* name) {
        if (const auto found = document.find(field); found != document.end() && found->is_string()) live_[name] = *found;
    };
    take("receipt", "RECEIPT");
    take("pending_id", "PENDING");
    take("credential_id", "CREDENTIAL");
    if (path == "/v1/w/admin/backupcode") take("code", "BACKUP");
    if (const auto methods = document.find("methods"); methods != document.end() && methods->is_array()) {
        for (const auto& method : *methods) {
            if (const auto id = method.find("credential_id"); id != method.end() && id->is_string()) live_["CREDENTIAL"] = *id;
        }
    }
}

std::string RouteStage::open_session(const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.path = "/v1/sessions";
    request.authorization = "Bearer " + tokens_.at("app_key");
    request.content_type = "application/json";
    request.body = filled_in(body);
    const HttpResponse answer = ask(std::move(request));
    const auto document = Json::parse(answer.body, nullptr, false);
    if (answer.status != 201) return {};  // what was fuzzed before may have left no way: a policy, a pause
    if (const auto id = document.find("challenge"); id != document.end()) live_["CHALLENGE"] = *id;
    return document.at("token");
}

void RouteStage::open_sessions() {
    const std::string challenge = R"(,"purpose":"challenge","account":"a@example.org","issuer":"Bank","receipt_purpose":"login",)"
                                  R"("first_factor":{"method":"password","at":"@NOW@"}})";
    live_["USER"] = "staff";
    HttpRequest pass;
    pass.method = "POST";
    pass.path = "/v1/w/challenge/answer";
    pass.authorization = "Bearer " + open_session(R"({"user":"staff")" + challenge);
    pass.content_type = "application/json";
    pass.body = filled_in(R"({"attempt_id":"AAAAAAAAAAAAAAAAAAAAAA","method":"totp","code":"@CODE@"})");
    (void)ask(std::move(pass));
    const std::string admin = open_session(
        R"({"user":"staff","purpose":"admin","scopes":["policy","unlock","codes","audit"],"challenge":"@CHALLENGE@"})");
    if (!admin.empty()) tokens_["admin"] = admin;
    live_["USER"] = std::string(kUsers[(passed_ / kRequestsOfASession) % 2]);
    const std::string user = R"({"user":"@USER@")";
    tokens_["manage"] = open_session(
        user + R"(,"purpose":"manage","account":"a@example.org","issuer":"Bank","email":"@USER@@example.org"})");
    tokens_["challenge"] = open_session(user + challenge);
}

void RouteStage::pass() {
    ++passed_;
    if (passed_ % kRequestsOfAStep == 0) clock_->pass(30);
    if (passed_ % kRequestsOfASession == 0) open_sessions();
}
