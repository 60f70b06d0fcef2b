// SPDX-License-Identifier: Apache-2.0
#include "app/import_csv.h"

#include <array>
#include <charconv>
#include <istream>
#include <optional>
#include <unordered_set>
#include <utility>

#include "app/refusal.h"
#include "app/text_rules.h"
#include "countersign/base32.h"

namespace countersign::server {
namespace {

constexpr std::size_t kMaxFieldBytes = 4096;
constexpr std::size_t kMaxFields = 64;
constexpr std::size_t kMinSeedBytes = 16;
constexpr std::size_t kMaxSeedBytes = 64;
constexpr std::array<std::string_view, 5> kColumns{"user", "secret", "algorithm", "digits", "period"};

tl::unexpected<ServerError> invalid(std::int64_t line, const std::string& why) {
    return refuse(ServerErrorCode::ImportRowInvalid, "line " + std::to_string(line) + ": " + why);
}

/// Records of RFC 4180, one at a time.
class CsvReader {
  public:
    explicit CsvReader(std::istream& in) : in_(*in.rdbuf()) {
        if (in_.sgetc() == 0xEF) {  // the UTF-8 mark that spreadsheets write
            for (int i = 0; i < 3; ++i) in_.sbumpc();
        }
    }

    struct Record {
        std::int64_t line = 0;
        std::vector<std::string> fields;
    };

    /// Nothing at the end of the file.
    Answer<std::optional<Record>> next() {
        if (in_.sgetc() == kEnd) return std::nullopt;
        Record record{line_, {}};
        for (;;) {
            auto field = read_field();
            if (!field) return tl::unexpected(std::move(field.error()));
            record.fields.push_back(std::move(*field));
            if (record.fields.size() > kMaxFields) return invalid(line_, "has over 64 fields");
            const int after = in_.sbumpc();
            if (after == ',') continue;
            if (after == '\r' && in_.sgetc() == '\n') in_.sbumpc();
            ++line_;
            return record;
        }
    }

  private:
    static constexpr int kEnd = std::char_traits<char>::eof();

    Answer<std::string> read_field() {
        std::string field;
        const bool quoted = in_.sgetc() == '"';
        if (quoted) in_.sbumpc();
        for (;;) {
            const int c = in_.sgetc();
            if (quoted) {
                if (c == kEnd) return invalid(line_, "a quote is not closed");
                in_.sbumpc();
                if (c == '"') {
                    if (in_.sgetc() != '"') break;
                    in_.sbumpc();
                }
                if (c == '\n') ++line_;
            } else {
                if (c == kEnd || c == ',' || c == '\n' || c == '\r') return field;
                if (c == '"') return invalid(line_, "a quote inside a field that does not begin with one");
                in_.sbumpc();
            }
            if (field.size() == kMaxFieldBytes) return invalid(line_, "a field is over 4096 bytes");
            field.push_back(static_cast<char>(c));
        }
        const int after = in_.sgetc();
        if (after != kEnd && after != ',' && after != '\n' && after != '\r') {
            return invalid(line_, "text after a closing quote");
        }
        return field;
    }

    std::streambuf& in_;
    std::int64_t line_ = 1;
};

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Answer<TotpParameters> read_parameters(const CsvReader::Record& record) {
    const auto field = [&](std::size_t i) {
        return i < record.fields.size() ? std::string_view(record.fields[i]) : std::string_view();
    };
    TotpParameters parameters;
    if (!field(2).empty()) {
        const auto algorithm = parse_algorithm(field(2));
        if (!algorithm) return invalid(record.line, "algorithm: sha1, sha256 or sha512");
        parameters.algorithm = *algorithm;
    }
    if (!field(3).empty()) {
        const auto digits = parse_number(field(3));
        if (!digits || *digits < kMinDigits || *digits > kMaxDigits) return invalid(record.line, "digits: 6 to 10");
        parameters.digits = static_cast<int>(*digits);
    }
    if (!field(4).empty()) {
        const auto period = parse_number(field(4));
        if (!period || *period < 1 || *period > kMaxPeriodSeconds) {
            return invalid(record.line, "period: 1 to 86400 seconds");
        }
        parameters.period_seconds = *period;
    }
    return parameters;
}

Answer<ImportRow> read_row(CsvReader::Record& record, std::size_t columns) {
    if (record.fields.size() != columns) {
        return invalid(record.line, "has " + std::to_string(record.fields.size()) + " fields, the header " +
                                        std::to_string(columns));
    }
    if (!check_user(record.fields[0])) return invalid(record.line, "user: 1 to 128 bytes of UTF-8 without NUL");
    auto seed = decode_base32(record.fields[1]);
    wipe_memory(record.fields[1].data(), record.fields[1].size());
    if (!seed) return invalid(record.line, "secret: " + std::string(error_name(seed.error().code)));
    if (seed->size() < kMinSeedBytes || seed->size() > kMaxSeedBytes) {
        return invalid(record.line, "secret: 16 to 64 bytes");
    }
    auto parameters = read_parameters(record);
    if (!parameters) return tl::unexpected(std::move(parameters.error()));
    return ImportRow{record.line, std::move(record.fields[0]), std::move(*seed), *parameters};
}

bool is_header(const std::vector<std::string>& fields) {
    if (fields.size() < 2 || fields.size() > kColumns.size()) return false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i] != kColumns[i]) return false;
    }
    return true;
}

}  // namespace

Answer<std::vector<ImportRow>> read_import_csv(std::istream& in) {
    CsvReader reader(in);
    auto header = reader.next();
    if (!header) return tl::unexpected(std::move(header.error()));
    if (!*header || !is_header((*header)->fields)) {
        return invalid(1, "the header has to be user,secret[,algorithm[,digits[,period]]]");
    }
    std::vector<ImportRow> rows;
    std::unordered_set<std::string> seen;
    for (;;) {
        auto record = reader.next();
        if (!record) return tl::unexpected(std::move(record.error()));
        if (!*record) return rows;
        auto row = read_row(**record, (*header)->fields.size());
        if (!row) return tl::unexpected(std::move(row.error()));
        if (!seen.insert(row->user).second) return invalid(row->line, "this user stands in the file twice");
        rows.push_back(std::move(*row));
    }
}

}  // namespace countersign::server
