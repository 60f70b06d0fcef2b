// SPDX-License-Identifier: Apache-2.0
#include "app/import_otpauth.h"

#include <utility>

#include "app/text_rules.h"
#include "countersign/otpauth_uri.h"

namespace countersign::server {
namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

/// Why it cannot be imported, or nothing and the row is there.
std::string read_line(std::string_view line, ImportRow& row) {
    auto parsed = parse_otpauth_uri(line);
    if (!parsed) return std::string(error_name(parsed.error().code));
    OtpauthUri& uri = parsed->uri;
    if (uri.type != OtpType::Totp) return "hotp: this server checks codes by time";
    if (!check_user(uri.account)) return "account: 1 to 128 bytes of UTF-8 without NUL";
    if (uri.secret.size() < kMinSeedBytes || uri.secret.size() > kMaxSeedBytes) return "secret: 16 to 64 bytes";
    row.user = std::move(uri.account);
    row.seed = std::move(uri.secret);
    row.parameters = uri.parameters;
    for (const UriWarning warning : parsed->warnings) row.warnings.emplace_back(uri_warning_name(warning));
    return {};
}

}  // namespace

ImportBatch read_import_otpauth(std::string_view list) {
    ImportBatch batch;
    for (std::int64_t number = 1; !list.empty(); ++number) {
        const std::size_t end = list.find('\n');
        const std::string_view line = list.substr(0, end);
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
        if (is_blank(line)) continue;
        ImportRow row;
        row.line = number;
        std::string why = read_line(line, row);
        if (why.empty()) batch.rows.push_back(std::move(row));
        else batch.bad.push_back({number, std::move(why)});
    }
    return batch;
}

}  // namespace countersign::server
