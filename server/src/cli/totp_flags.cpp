// SPDX-License-Identifier: Apache-2.0
#include "cli/totp_flags.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/system_clock.h"
#include "cli/byte_text.h"
#include "cli/input.h"
#include "countersign/base32.h"

namespace countersign::cli {
namespace {

constexpr InputFlags kSeedFlags{"--secret-stdin", "--secret-file", 8192};

}  // namespace

std::vector<Flag> with_seed_flags(std::vector<Flag> more) {
    std::vector<Flag> flags{
        {"--secret-stdin", "", "Read the secret from standard input"},
        {"--secret-file", "FILE", "Read the secret from FILE"},
        {"--secret-format", "FORMAT",
         "base32 (default), hex or raw; raw keeps every byte, the others drop one line end"},
    };
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
}

std::vector<Flag> with_hotp_flags(std::vector<Flag> more) {
    std::vector<Flag> flags{
        {"--algorithm", "NAME", "sha1 (default), sha256 or sha512"},
        {"--digits", "N", "6 to 10 (default 6)"},
    };
    flags.insert(flags.end(), more.begin(), more.end());
    return with_seed_flags(std::move(flags));
}

std::vector<Flag> with_totp_flags(std::vector<Flag> more) {
    more.insert(more.begin(), {"--period", "SECONDS", "1 to 86400 (default 30)"});
    return with_hotp_flags(std::move(more));
}

Checked<Secret> read_seed(const Arguments& arguments) {
    const std::string format = arguments.text("--secret-format", "base32");
    if (format != "base32" && format != "hex" && format != "raw") {
        return fail(UsageCode::ValueInvalid, "--secret-format is not usable; give base32, hex or raw");
    }
    auto given = read_input(arguments, kSeedFlags);
    if (!given || format == "raw") {
        return given;
    }
    trim_line_end(*given);
    if (format == "hex") {
        return decode_hex(given->text(), "the secret");
    }
    auto decoded = decode_base32(given->text());
    if (!decoded) {
        return fail(decoded.error(), "the secret");
    }
    return std::move(*decoded);
}

Checked<TotpParameters> read_parameters(const Arguments& arguments) {
    TotpParameters parameters;
    if (arguments.has("--algorithm")) {
        const auto algorithm = parse_algorithm(arguments.text("--algorithm"));
        if (!algorithm) {
            return fail(algorithm.error(), "--algorithm");
        }
        parameters.algorithm = *algorithm;
    }
    const auto digits = arguments.integer("--digits", parameters.digits);
    const auto period = arguments.integer("--period", parameters.period_seconds);
    if (!digits) return tl::unexpected(digits.error());
    if (!period) return tl::unexpected(period.error());
    parameters.digits = static_cast<int>(std::clamp<std::int64_t>(*digits, 0, 99));  // the core tells the range
    parameters.period_seconds = *period;
    return parameters;
}

Checked<UnixSeconds> read_time(const Arguments& arguments) {
    return arguments.integer("--time", server::make_system_clock()->wall().value).map([](std::int64_t seconds) {
        return UnixSeconds{seconds};
    });
}

Checked<Window> read_window(const Arguments& arguments) {
    if (!arguments.has("--window")) {
        return Window{};
    }
    const std::string window = arguments.text("--window");
    const auto comma = window.find(',');
    Arguments halves;
    halves.set("--window", window.substr(0, comma));
    const auto past = halves.integer("--window", 0, 0, 1000);
    halves.set("--window", comma == std::string::npos ? "" : window.substr(comma + 1));
    const auto future = halves.integer("--window", 0, 0, 1000);
    if (!past || !future) {
        return fail(UsageCode::ValueInvalid, "--window is not usable; give PAST,FUTURE in steps, such as 1,1");
    }
    return Window{static_cast<int>(*past), static_cast<int>(*future)};
}

Checked<std::optional<TimeStep>> read_last_used(const Arguments& arguments) {
    if (!arguments.has("--last-used")) {
        return std::nullopt;
    }
    return arguments.integer("--last-used", 0, 0).map([](std::int64_t step) { return std::optional(TimeStep{step}); });
}

}  // namespace countersign::cli
