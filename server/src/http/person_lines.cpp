// SPDX-License-Identifier: Apache-2.0
#include "http/person_lines.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "app/email_address.h"
#include "app/text_rules.h"
#include "countersign/base32.h"
#include "http/json_fields.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

// The members of an authenticator, in this order on both sides.
constexpr std::array<JsonMember, 10> kAuthenticator{{{"credential_id"},
                                                     {"name"},
                                                     {"status"},
                                                     {"algorithm"},
                                                     {"digits", true},
                                                     {"period", true},
                                                     {"last_step", true},
                                                     {"created_at", true},
                                                     {"last_used", true},
                                                     {"secret"}}};
enum Member : std::size_t { kId, kName, kStatus, kAlgorithm, kDigits, kPeriod, kLastStep, kCreated, kLastUsed, kSecret };
constexpr std::array<JsonMember, 4> kOther{{{"method"}, {"credential_id"}, {"status"}, {"address"}}};

std::string_view status_of(const HeldMethod& held) noexcept {
    return held.credential.status == CredentialStatus::Disabled ? "disabled" : "active";
}

std::string authenticator_json(const HeldMethod& held, const Secret* seed) {
    const CredentialRecord& c = held.credential;
    JsonText json;
    json.text("credential_id", c.id);
    if (!c.name.empty()) json.text("name", c.name);
    json.text("status", status_of(held))
        .text("algorithm", algorithm_name(c.parameters.algorithm))
        .number("digits", c.parameters.digits)
        .number("period", c.parameters.period_seconds);
    if (c.last_step.value >= 0) json.number("last_step", c.last_step.value);
    json.number("created_at", c.created_at.value);
    if (c.last_used) json.number("last_used", c.last_used->value);
    if (seed != nullptr) json.text("secret", encode_base32(seed->bytes()).text());
    return json.take();
}

std::string shown(const std::optional<std::string>& address, AddressForm form) {
    if (!address) return {};
    return form == AddressForm::Full ? *address : mask_email_address(*address);
}

std::string other_json(const People& people, const HeldMethod& held, AddressForm form) {
    const CredentialRecord& c = held.credential;
    JsonText json;
    json.text("method", c.method).text("credential_id", c.id).text("status", status_of(held));
    if (const std::string address = shown(people.address_of(c), form); !address.empty()) json.text("address", address);
    return json.take();
}

/// A number that has to lie within a range; `otherwise` where none was given, nothing where it is another one.
std::optional<std::int64_t> number_in(const std::optional<Secret>& value, std::int64_t otherwise, std::int64_t least,
                                      std::int64_t most) {
    if (!value) return otherwise;
    const std::int64_t number = read_number(*value);
    return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

std::string text_of(const std::optional<Secret>& value) { return value ? std::string(value->text()) : std::string(); }

using Broken = tl::unexpected<std::string>;

tl::expected<ImportRow, std::string> read_authenticator(const JsonRow& given, const std::string& user) {
    ImportRow row;
    row.user = user;
    if (!given[kSecret]) return Broken("secret: is missing; export with --with-seeds");
    auto seed = decode_base32(given[kSecret]->text());
    if (!seed) return Broken("secret: " + std::string(error_name(seed.error().code)));
    if (seed->size() < kMinSeedBytes || seed->size() > kMaxSeedBytes) return Broken("secret: 16 to 64 bytes");
    row.seed = std::move(*seed);
    const std::string status = text_of(given[kStatus]);
    if (status != "active" && status != "disabled") return Broken("status: active or disabled");
    row.disabled = status == "disabled";
    const auto algorithm = parse_algorithm(given[kAlgorithm] ? given[kAlgorithm]->text() : "sha1");
    if (!algorithm) return Broken("algorithm: sha1, sha256 or sha512");
    const auto digits = number_in(given[kDigits], 6, kMinDigits, kMaxDigits);
    if (!digits) return Broken("digits: 6 to 10");
    const auto period = number_in(given[kPeriod], 30, 1, kMaxPeriodSeconds);
    if (!period) return Broken("period: 1 to 86400 seconds");
    constexpr std::int64_t kLastTime = 253'402'300'799;  // the end of the year 9999
    const auto last_step = number_in(given[kLastStep], -1, 0, kLastTime);
    if (!last_step) return Broken("last_step: not a step of any clock");
    row.parameters = {*algorithm, static_cast<int>(*digits), *period};
    row.last_step = TimeStep{*last_step};
    row.name = text_of(given[kName]);
    if (!row.name.empty() && !check_name(row.name)) return Broken("name: 1 to 64 bytes of printable UTF-8");
    return row;
}

tl::expected<std::optional<ImportContact>, std::string> read_contact(const std::optional<Secret>& address,
                                                                     const std::optional<Secret>& issuer) {
    if (!address) return std::optional<ImportContact>();
    if (!is_email_address(address->text())) return Broken("address: mail cannot be sent there");
    ImportContact contact{std::string(address->text()), text_of(issuer)};
    if (!check_label("issuer", contact.issuer)) return Broken("issuer: 1 to 128 bytes without a colon");
    return std::optional(std::move(contact));
}

/// The rows of one user, or why there are none.
tl::expected<std::vector<ImportRow>, std::string> read_person(std::string body) {
    std::array<JsonField, 7> fields{{{.name = "realm", .required = false},
                                     {.name = "user"},
                                     {.name = "address", .required = false},
                                     {.name = "issuer", .required = false},
                                     {.name = "picked", .required = false},
                                     {.name = "authenticators", .list = true, .members = kAuthenticator},
                                     {.name = "others", .required = false, .list = true, .members = kOther}}};
    if (auto read = read_json_fields(body, fields); !read) return Broken(read.error().detail);
    const std::string user(fields[1].value->text());
    if (!check_user(user)) return Broken("user: 1 to 128 bytes of UTF-8 without NUL");
    if (fields[5].rows.empty()) return Broken("authenticators: there is none to be imported");
    auto contact = read_contact(fields[2].value, fields[3].value);
    if (!contact) return Broken(std::move(contact.error()));
    std::vector<ImportRow> rows;
    for (const JsonRow& given : fields[5].rows) {
        auto row = read_authenticator(given, user);
        if (!row) return Broken(std::move(row.error()));
        rows.push_back(std::move(*row));
    }
    rows.front().contact = std::move(*contact);
    for (const JsonRow& other : fields[6].rows) rows.front().warnings.push_back("not-imported " + text_of(other[0]));
    return rows;
}

}  // namespace

std::string write_person_line(const People& people, const Person& person, const std::vector<OpenedSeed>& seeds,
                              AddressForm form) {
    std::string authenticators = "[";
    std::string others = "[";
    for (const HeldMethod& held : person.methods) {
        if (held.credential.status == CredentialStatus::Pending) continue;
        const bool totp = held.credential.method == "totp";
        const auto opened = std::ranges::find(seeds, &held, &OpenedSeed::held);
        std::string one = totp ? authenticator_json(held, opened == seeds.end() ? nullptr : &opened->seed)
                               : other_json(people, held, form);
        std::string& list = totp ? authenticators : others;
        list.append(list.size() == 1 ? "" : ",").append(one);
        wipe_memory(one.data(), one.size());
    }
    JsonText json;
    json.text("realm", person.realm).text("user", person.user);
    if (person.contact) {
        const std::string address = shown(people.address_of(*person.contact), form);
        if (!address.empty()) json.text("address", address).text("issuer", person.contact->issuer);
    }
    if (!person.alternates.empty()) json.text("picked", person.alternates);
    authenticators += "]";
    std::string line = json.raw("authenticators", authenticators).raw("others", others.append("]")).take();
    wipe_memory(authenticators.data(), authenticators.size());
    return line.append("\n");
}

ImportBatch read_person_lines(std::string_view lines) {
    ImportBatch batch;
    for (std::int64_t number = 1; !lines.empty(); ++number) {
        const std::size_t end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        auto rows = read_person(std::string(line));
        if (!rows) {
            batch.bad.push_back({number, std::move(rows.error())});
            continue;
        }
        for (ImportRow& row : *rows) {
            row.line = number;
            batch.rows.push_back(std::move(row));
        }
    }
    return batch;
}

}  // namespace countersign::server
