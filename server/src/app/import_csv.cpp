// SPDX-License-Identifier: Apache-2.0
#include "app/import_csv.h"

#include <array>
#include <charconv>
#include <istream>
#include <optional>
#include <utility>

#include "app/text_rules.h"
#include "countersign/base32.h"

namespace countersign::server {
namespace {

constexpr std::size_t kMaxFieldBytes = 4096;
constexpr std::size_t kMaxFields = 64;
constexpr std::array<std::string_view, 5> kColumns{"user", "secret", "algorithm", "digits", "period"};

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
            if (record.fields.size() > kMaxFields) return refuse_row(line_, "has over 64 fields");
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
                if (c == kEnd) return refuse_row(line_, "a quote is not closed");
                in_.sbumpc();
                if (c == '"') {
                    if (in_.sgetc() != '"') break;
                    in_.sbumpc();
                }
                if (c == '\n') ++line_;
            } else {
                if (c == kEnd || c == ',' || c == '\n' || c == '\r') return field;
                if (c == '"') return refuse_row(line_, "a quote inside a field that does not begin with one");
                in_.sbumpc();
            }
            if (field.size() == kMaxFieldBytes) return refuse_row(line_, "a field is over 4096 bytes");
            field.push_back(static_cast<char>(c));
        }
        const int after = in_.sgetc();
        if (after != kEnd && after != ',' && after != '\n' && after != '\r') {
            return refuse_row(line_, "text after a closing quote");
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

/// A rule that a row breaks.
using Broken = tl::unexpected<std::string>;

tl::expected<TotpParameters, std::string> read_parameters(const CsvReader::Record& record) {
    const auto field = [&](std::size_t i) {
        return i < record.fields.size() ? std::string_view(record.fields[i]) : std::string_view();
    };
    TotpParameters parameters;
    if (!field(2).empty()) {
        const auto algorithm = parse_algorithm(field(2));
        if (!algorithm) return Broken("algorithm: sha1, sha256 or sha512");
        parameters.algorithm = *algorithm;
    }
    if (!field(3).empty()) {
        const auto digits = parse_number(field(3));
        if (!digits || *digits < kMinDigits || *digits > kMaxDigits) return Broken("digits: 6 to 10");
        parameters.digits = static_cast<int>(*digits);
    }
    if (!field(4).empty()) {
        const auto period = parse_number(field(4));
        if (!period || *period < 1 || *period > kMaxPeriodSeconds) return Broken("period: 1 to 86400 seconds");
        parameters.period_seconds = *period;
    }
    return parameters;
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

tl::expected<Secret, std::string> decode_hex(std::string_view text) {
    if (text.size() % 2 != 0) return Broken("secret: an odd number of hexadecimal digits");
    Secret bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return Broken("secret: not hexadecimal");
        bytes.writable()[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return bytes;
}

tl::expected<Secret, std::string> decode_seed(std::string_view text, SeedFormat format) {
    if (format == SeedFormat::Hex) return decode_hex(text);
    if (format == SeedFormat::Ascii) {
        for (const char c : text) {
            if (c < ' ' || c > '~') return Broken("secret: not printable ASCII");
        }
        return Secret(text);
    }
    auto seed = decode_base32(text);
    if (!seed) return Broken("secret: " + std::string(error_name(seed.error().code)));
    return std::move(*seed);
}

tl::expected<ImportRow, std::string> read_row(CsvReader::Record& record, std::size_t columns, SeedFormat format) {
    if (record.fields.size() != columns) {
        return Broken("has " + std::to_string(record.fields.size()) + " fields, the header " + std::to_string(columns));
    }
    if (!check_user(record.fields[0])) return Broken("user: 1 to 128 bytes of UTF-8 without NUL");
    auto seed = decode_seed(record.fields[1], format);
    if (!seed) return Broken(std::move(seed.error()));
    if (seed->size() < kMinSeedBytes || seed->size() > kMaxSeedBytes) return Broken("secret: 16 to 64 bytes");
    auto parameters = read_parameters(record);
    if (!parameters) return Broken(std::move(parameters.error()));
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

Answer<ImportBatch> read_import_csv(std::istream& in, SeedFormat format) {
    CsvReader reader(in);
    auto header = reader.next();
    if (!header) return tl::unexpected(std::move(header.error()));
    if (!*header || !is_header((*header)->fields)) {
        return refuse_row(1, "the header has to be user,secret[,algorithm[,digits[,period]]]");
    }
    ImportBatch batch;
    for (;;) {
        auto record = reader.next();
        if (!record) return tl::unexpected(std::move(record.error()));
        if (!*record) return batch;
        auto row = read_row(**record, (*header)->fields.size(), format);
        for (std::string& field : (*record)->fields) wipe_memory(field.data(), field.size());
        if (row) batch.rows.push_back(std::move(*row));
        else batch.bad.push_back({(*record)->line, std::move(row.error())});
    }
}

}  // namespace countersign::server
