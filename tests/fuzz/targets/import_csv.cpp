// SPDX-License-Identifier: Apache-2.0
// The import of users: what is accepted is within its ranges and, written again with every field quoted,
// is read the same.
#include "app/import_csv.h"

#include <set>
#include <sstream>
#include <string>

#include "app/text_rules.h"
#include "countersign/base32.h"
#include "require.h"

using namespace countersign;
using namespace countersign::server;

namespace {

Answer<std::vector<ImportRow>> read(const std::string& text) {
    std::istringstream in(text);
    auto batch = read_import_csv(in);
    if (!batch) return tl::unexpected(batch.error());
    refuse_repeated_users(*batch);
    return all_or_none(std::move(*batch));
}

std::string quoted(std::string_view field) {
    std::string text = "\"";
    for (const char c : field) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

std::string written(const std::vector<ImportRow>& rows) {
    std::string text = "user,secret,algorithm,digits,period\r\n";
    for (const ImportRow& row : rows) {
        text += quoted(row.user) + ',' + quoted(encode_base32(row.seed.bytes()).text()) + ',' +
                std::string(algorithm_name(row.parameters.algorithm)) + ',' + std::to_string(row.parameters.digits) +
                ',' + std::to_string(row.parameters.period_seconds) + "\r\n";
    }
    return text;
}

void check_row(const ImportRow& row) {
    require(check_user(row.user).has_value(), "a user that may be");
    require(row.seed.size() >= 16 && row.seed.size() <= 64, "a seed of 16 to 64 bytes");
    require(row.parameters.digits >= kMinDigits && row.parameters.digits <= kMaxDigits, "6 to 10 digits");
    require(row.parameters.period_seconds >= 1 && row.parameters.period_seconds <= kMaxPeriodSeconds, "a sound period");
}

void check_same(const ImportRow& a, const ImportRow& b) {
    require(a.user == b.user && same(a.seed.bytes(), b.seed.bytes()), "user and seed survive");
    require(a.parameters.algorithm == b.parameters.algorithm && a.parameters.digits == b.parameters.digits &&
                a.parameters.period_seconds == b.parameters.period_seconds,
            "parameters survive");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(text_of(data, size));
    const auto rows = read(text);
    if (!rows) {
        require(rows.error().code == ServerErrorCode::ImportRowInvalid, "one kind of refusal");
        require(rows.error().detail.starts_with("line "), "which names the line");
        return 0;
    }
    std::set<std::string> users;
    std::int64_t line = 1;
    for (const ImportRow& row : *rows) {
        check_row(row);
        require(users.insert(row.user).second, "each user once");
        require(row.line > line, "lines go up");
        line = row.line;
    }
    const auto again = read(written(*rows));
    require(again && again->size() == rows->size(), "what is written is read back");
    for (std::size_t i = 0; i < rows->size(); ++i) check_same((*rows)[i], (*again)[i]);
    return 0;
}
