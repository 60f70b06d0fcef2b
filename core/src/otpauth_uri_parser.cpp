// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base32_lenient.h"
#include "countersign/base32.h"
#include "countersign/otpauth_uri.h"
#include "percent.h"

// Tolerant where only one reading is plausible, and loud about it; tests/vectors/otpauth_uri_valid.vec has
// what shipping products print.
namespace countersign {
namespace {

constexpr std::size_t kMaxUriBytes = 4096;
constexpr std::size_t kShortSecretBytes = 16;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// Cuts off and returns what stands before the first `mark`, or everything when there is none.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t at = std::min(text.find(mark), text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return taken;
}

/// ASCII lower case of a short word; `changed` is raised when it was not so already.
std::string to_lower(std::string_view word, bool& changed) {
    std::string lower(word);
    for (char& c : lower) {
        if (c < 'A' || c > 'Z') continue;
        c = static_cast<char>(c + ('a' - 'A'));
        changed = true;
    }
    return lower;
}

/// A whole decimal number without sign or space; nothing when it is not one or does not fit.
std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return number;
}

enum Key : std::size_t { kSecret, kIssuer, kAlgorithm, kDigits, kPeriod, kCounter, kKeyCount };
constexpr std::array<std::string_view, kKeyCount> kKeys{"secret", "issuer", "algorithm",
                                                        "digits", "period", "counter"};

/// One reading of one URI: each step takes its part and notes what is odd about it.
class Parser {
  public:
    Result<ParsedOtpauthUri> parse(std::string_view text);

  private:
    using Step = Result<void>;

    Step read_type(std::string_view& rest);
    Step read_parameters(std::string_view query);
    Step read_parameter(std::string_view parameter);
    Step read_label(std::string_view label);
    Step read_secret();
    Step read_algorithm();
    Step read_numbers();
    Step read_counter();

    void warn(UriWarning warning) { warned_[static_cast<std::size_t>(warning)] = true; }
    void warn_if(bool condition, UriWarning warning) {
        if (condition) warn(warning);
    }
    [[nodiscard]] const std::optional<Secret>& value(Key key) const { return values_[key]; }

    OtpauthUri uri_;
    std::array<std::optional<Secret>, kKeyCount> values_;
    std::array<bool, kUriWarningCount> warned_{};
};

Result<void> Parser::read_type(std::string_view& rest) {
    constexpr std::string_view kScheme = "otpauth://";
    bool folded = false;
    if (to_lower(rest.substr(0, kScheme.size()), folded) != kScheme) return fail(ErrorCode::UriNotOtpauth);
    rest.remove_prefix(kScheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const std::string type = to_lower(rest.substr(0, end), folded);
    rest.remove_prefix(end);
    if (type != "totp" && type != "hotp") return fail(ErrorCode::UriTypeUnknown);
    uri_.type = type == "hotp" ? OtpType::Hotp : OtpType::Totp;
    warn_if(folded, UriWarning::CaseFolded);
    return {};
}

Result<void> Parser::read_parameters(std::string_view query) {
    while (!query.empty()) {
        const std::string_view parameter = take_until(query, '&');
        if (parameter.empty()) continue;
        if (const auto read = read_parameter(parameter); !read) return read;
    }
    return {};
}

Result<void> Parser::read_parameter(std::string_view parameter) {
    auto name = decode_percent(take_until(parameter, '='));
    if (!name) return fail(name.error().code);
    auto decoded = decode_percent(parameter);
    if (!decoded) return fail(decoded.error().code);

    bool folded = false;
    const auto known = std::find(kKeys.begin(), kKeys.end(), to_lower(name->text(), folded));
    const auto key = static_cast<std::size_t>(known - kKeys.begin());
    const bool useless = key == kPeriod && uri_.type == OtpType::Hotp;
    if (key == kKeyCount || useless) {
        warn(UriWarning::UnknownParameter);
        return {};
    }
    warn_if(folded, UriWarning::CaseFolded);
    if (values_[key]) {
        warn(UriWarning::DuplicateParameter);
        return {};
    }
    warn_if(key == kIssuer && parameter.find('+') != std::string_view::npos, UriWarning::PlusInIssuer);
    values_[key] = std::move(*decoded);
    return {};
}

Result<void> Parser::read_label(std::string_view label) {
    const auto decoded = decode_percent(label);
    if (!decoded) return fail(decoded.error().code);

    std::string_view account = trim(decoded->text());
    std::string_view issuer;
    if (account.find(':') != std::string_view::npos) {
        issuer = trim(take_until(account, ':'));
        account = trim(account);
        warn_if(account.find(':') != std::string_view::npos, UriWarning::ColonInAccount);
        const auto colon = std::min({label.find(':'), label.find("%3A"), label.find("%3a")});
        warn_if(label.substr(0, colon).find('+') != std::string_view::npos, UriWarning::PlusInIssuer);
    }
    if (const auto& parameter = value(kIssuer); parameter && !trim(parameter->text()).empty()) {
        const std::string_view named = trim(parameter->text());
        warn_if(!issuer.empty() && issuer != named, UriWarning::IssuerMismatch);
        issuer = named;
    }
    if (issuer.empty() && account.empty()) return fail(ErrorCode::UriLabelMissing);
    warn_if(issuer.empty(), UriWarning::IssuerMissing);
    warn_if(account.empty(), UriWarning::AccountMissing);
    uri_.issuer = issuer;
    uri_.account = account;
    return {};
}

Result<void> Parser::read_secret() {
    if (!value(kSecret) || value(kSecret)->empty()) return fail(ErrorCode::UriSecretMissing);
    Secret text = value(kSecret)->clone();
    const auto characters = text.writable();
    // In a secret a plus sign can only be the space of a web form.
    std::replace(characters.begin(), characters.end(), std::uint8_t{'+'}, std::uint8_t{' '});
    auto secret = decode_base32(text.text(), TrailingBits::Dropped);
    if (!secret || secret->size() > kMaxSecretBytes) return fail(ErrorCode::UriSecretMalformed);
    if (secret->empty()) return fail(ErrorCode::UriSecretMissing);
    warn_if(!equal_constant_time(encode_base32(secret->bytes()).bytes(), text.bytes()),
            UriWarning::SecretNotCanonical);
    warn_if(secret->size() < kShortSecretBytes, UriWarning::ShortSecret);
    uri_.secret = std::move(*secret);
    return {};
}

Result<void> Parser::read_algorithm() {
    if (!value(kAlgorithm)) return {};
    const auto algorithm = parse_algorithm(value(kAlgorithm)->text());
    if (!algorithm) return fail(ErrorCode::UriAlgorithmUnknown);
    uri_.parameters.algorithm = *algorithm;
    warn_if(*algorithm != Algorithm::Sha1, UriWarning::UnusualAlgorithm);
    return {};
}

Result<void> Parser::read_numbers() {
    if (value(kDigits)) {
        const auto digits = parse_number(value(kDigits)->text());
        if (!digits || *digits < kMinDigits || *digits > kMaxDigits)
            return fail(ErrorCode::UriDigitsOutOfRange);
        uri_.parameters.digits = static_cast<int>(*digits);
        warn_if(*digits != 6 && *digits != 8, UriWarning::UnusualDigits);
    }
    if (value(kPeriod)) {
        const auto period = parse_number(value(kPeriod)->text());
        if (!period || *period < 1 || *period > kMaxPeriodSeconds)
            return fail(ErrorCode::UriPeriodOutOfRange);
        uri_.parameters.period_seconds = static_cast<std::int64_t>(*period);
        warn_if(*period != 30, UriWarning::UnusualPeriod);
    }
    return {};
}

Result<void> Parser::read_counter() {
    if (uri_.type == OtpType::Totp) {
        warn_if(value(kCounter).has_value(), UriWarning::CounterIgnored);
        return {};
    }
    if (!value(kCounter)) return fail(ErrorCode::UriCounterMissing);
    uri_.counter = parse_number(value(kCounter)->text());
    if (!uri_.counter) return fail(ErrorCode::UriCounterMalformed);
    return {};
}

Result<ParsedOtpauthUri> Parser::parse(std::string_view text) {
    if (text.size() > kMaxUriBytes) return fail(ErrorCode::UriTooLong);
    std::string_view rest = trim(text);
    if (const auto read = read_type(rest); !read) return fail(read.error().code);
    warn_if(rest.find('#') != std::string_view::npos, UriWarning::FragmentInUri);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    const std::string_view label = take_until(rest, '?');
    if (const auto read = read_parameters(rest); !read) return fail(read.error().code);
    if (const auto read = read_label(label); !read) return fail(read.error().code);
    for (const auto step : {&Parser::read_secret, &Parser::read_algorithm, &Parser::read_numbers,
                            &Parser::read_counter})
        if (const auto read = (this->*step)(); !read) return fail(read.error().code);

    ParsedOtpauthUri parsed{std::move(uri_), {}};
    for (std::size_t i = 0; i < warned_.size(); ++i)
        if (warned_[i]) parsed.warnings.push_back(static_cast<UriWarning>(i));
    return parsed;
}

}  // namespace

Result<ParsedOtpauthUri> parse_otpauth_uri(std::string_view text) { return Parser().parse(text); }

}  // namespace countersign
