// SPDX-License-Identifier: Apache-2.0
#include "cli/users_flags.h"

#include <optional>
#include <utility>

#include "app/email_address.h"
#include "app/system_clock.h"
#include "cli/guard_flag.h"
#include "cli/terminal_text.h"
#include "http/policy_codec.h"

namespace countersign::cli {
namespace {

std::string mask(const std::optional<std::string>& address) {
    return address ? server::mask_email_address(*address) : std::string();
}

/// Sets of codes and questions count what is left or was used.
bool is_code_set(const server::HeldMethod& held) {
    return held.credential.method == server::kStaticCodes || held.credential.method == server::kBackupCode;
}

}  // namespace

Checked<std::unique_ptr<server::People>> open_people(const Arguments& arguments, KeyNeed need, bool create) {
    std::string key;
    if (need != KeyNeed::None) {
        auto path = master_key_path(arguments);
        if (path) key = std::move(*path);
        else if (need == KeyNeed::Always) return tl::unexpected(path.error());
    }
    if (auto apart = check_guard(arguments, key); !apart) return tl::unexpected(apart.error());
    const std::string data = arguments.text("--data");
    const std::string previous = key.empty() ? "" : arguments.text("--previous-master-key-file");
    auto opened = server::People::open({data, key, create, previous, need == KeyNeed::Always}, server::json_policy_form(),
                                       server::make_system_clock());
    if (opened) return std::move(*opened);
    return not_opened(opened.error(), data);
}

std::string_view state_of(const server::HeldMethod& held, UnixSeconds now) noexcept {
    switch (held.credential.status) {
        case server::CredentialStatus::Pending: return "pending";
        case server::CredentialStatus::Disabled: return "disabled";
        case server::CredentialStatus::Active: break;
    }
    return held.not_before > now ? "paused" : "active";
}

std::string masked_address(const server::People& people, const server::ContactRecord& contact) {
    return mask(people.address_of(contact));
}

std::string masked_address(const server::People& people, const server::CredentialRecord& credential) {
    return mask(people.address_of(credential));
}

server::JsonText method_json(const server::HeldMethod& held, UnixSeconds now, const std::string& address) {
    const server::CredentialRecord& c = held.credential;
    server::JsonText json;
    json.text("method", c.method).text("credential_id", c.id).text("state", state_of(held, now));
    if (!c.name.empty()) json.text("name", c.name);
    if (!address.empty()) json.text("address", address);
    if (c.method == "totp") {
        json.text("algorithm", algorithm_name(c.parameters.algorithm))
            .number("digits", c.parameters.digits)
            .number("period", c.parameters.period_seconds);
    }
    json.number("failures", held.failures)
        .number("failures_in_30_days", held.window_failures)
        .number("successes", held.successes)
        .number("created_at", c.created_at.value);
    if (c.active_since) json.number("active_since", c.active_since->value);
    if (c.last_used) json.number("last_used", c.last_used->value);
    if (held.not_before > now) json.number("paused_until", held.not_before.value);
    if (c.usable_from > now) json.number("usable_from", c.usable_from.value);
    if (is_code_set(held)) json.number("codes_left", held.codes_left);
    if (c.method == server::kKbaMethod) json.number("uses", held.uses);
    return json;
}

std::string method_line(const server::HeldMethod& held, UnixSeconds now, const std::string& address) {
    const server::CredentialRecord& c = held.credential;
    std::string line = c.method;
    line.append("  ").append(c.id).append("  ").append(state_of(held, now)).append("  ").append(column(c.name));
    if (!address.empty()) line.append("  ").append(column(address));
    const auto number = [&](std::string_view name, std::int64_t value) {
        line.append("  ").append(name).append("=").append(std::to_string(value));
    };
    number("failures", held.failures);
    number("in_30_days", held.window_failures);
    number("successes", held.successes);
    if (c.last_used) number("last_used", c.last_used->value);
    if (held.not_before > now) number("paused_until", held.not_before.value);
    if (is_code_set(held)) number("codes_left", held.codes_left);
    return line;
}

}  // namespace countersign::cli
