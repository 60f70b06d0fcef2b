// SPDX-License-Identifier: Apache-2.0
// The list of otpauth URIs that `users import` reads: each line is a row, is named as a bad one, or is blank; what is
// accepted is within its ranges; what is refused does not repeat its secret.
#include "app/import_otpauth.h"

#include <algorithm>
#include <set>
#include <string>

#include "app/text_rules.h"
#include "require.h"

using namespace countersign;
using namespace countersign::server;

namespace {

void check_row(const ImportRow& row) {
    require(check_user(row.user).has_value(), "a user that may be");
    require(row.seed.size() >= kMinSeedBytes && row.seed.size() <= kMaxSeedBytes, "a seed of 16 to 64 bytes");
    require(row.parameters.digits >= kMinDigits && row.parameters.digits <= kMaxDigits, "6 to 10 digits");
    require(row.parameters.period_seconds >= 1 && row.parameters.period_seconds <= kMaxPeriodSeconds, "a sound period");
}

/// A line is told of at most once, in order, and only when it is there and not blank.
template <class Rows>
void check_lines(const Rows& rows, std::int64_t lines, std::set<std::int64_t>& told) {
    std::int64_t last = 0;
    for (const auto& row : rows) {
        require(row.line > last && row.line <= lines, "lines go up");
        require(told.insert(row.line).second, "a line is good or bad");
        last = row.line;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Exact list(text_of(data, size));
    const ImportBatch batch = read_import_otpauth(list.text());
    const auto lines = std::count(list.text().begin(), list.text().end(), '\n') + 1;
    std::set<std::int64_t> told;
    check_lines(batch.rows, lines, told);
    check_lines(batch.bad, lines, told);
    for (const ImportRow& row : batch.rows) check_row(row);
    for (const BadRow& row : batch.bad) {
        require(!row.why.empty() && row.why.size() < 80, "a rule in a few words");
    }
    if (batch.rows.size() == 1 && batch.bad.empty()) {
        const std::string twice = std::string(list.text()) + "\n" + std::string(list.text());
        ImportBatch again = read_import_otpauth(twice);
        require(again.rows.size() == 2 && same(again.rows[0].seed.bytes(), again.rows[1].seed.bytes()), "a line means the same anywhere");
        refuse_repeated_users(again);
        require(again.rows.size() == 1 && again.bad.size() == 1, "a user stands once");
    }
    return 0;
}
