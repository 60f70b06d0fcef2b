// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

// `PAST,FUTURE`, in steps.
Checked<void> read_window(const Arguments& arguments, VerifyOptions& options) {
    if (!arguments.has("--window")) {
        return {};
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
    options.past_steps = static_cast<int>(*past);
    options.future_steps = static_cast<int>(*future);
    return {};
}

Checked<VerifyOptions> read_options(const Arguments& arguments) {
    VerifyOptions options;
    auto parameters = read_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    options.parameters = *parameters;
    if (auto window = read_window(arguments, options); !window) return tl::unexpected(window.error());
    if (arguments.has("--last-used")) {
        const auto step = arguments.integer("--last-used", 0, 0);
        if (!step) return tl::unexpected(step.error());
        options.last_used = TimeStep{*step};
    }
    return options;
}

Checked<Printout> verify(const Arguments& arguments) {
    const auto options = read_options(arguments);
    if (!options) return tl::unexpected(options.error());
    const auto time = read_time(arguments);
    if (!time) return tl::unexpected(time.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const Secret code = fold_code(arguments.text("--code"));
    const auto verdict = verify_totp(seed->bytes(), code.text(), *time, *options);
    if (!verdict) return fail(verdict.error(), "totp verify");

    Printout printout;
    printout.text = outcome_name(verdict->outcome);
    server::JsonText json;
    json.text("outcome", outcome_name(verdict->outcome));
    if (verdict->outcome == Outcome::Accepted) {
        printout.text.append(" ").append(std::to_string(verdict->step.value));
    } else {
        printout.exit_code = kExitNo;
    }
    if (verdict->outcome != Outcome::Rejected) {
        json.number("step", verdict->step.value);
    }
    printout.text += "\n";
    printout.json = json.take();
    return printout;
}

}  // namespace

Command totp_verify_command() {
    return {.name = "totp verify",
            .summary = "Check a code against a secret",
            .details = "Prints `accepted STEP`, `rejected` or `replayed`; the exit code is 0 only when accepted.\n"
                       "Store STEP and give it as --last-used the next time: a code is good for one use.\n"
                       "Example: countersign totp verify --secret-file seed.txt --code 123456 --last-used 58000000",
            .flags = with_totp_flags({
                {"--code", "CODE", "The code as typed; spaces and dashes are dropped", true},
                {"--window", "PAST,FUTURE", "Steps of tolerance each way, 0 to 10 (default 1,1)"},
                {"--last-used", "STEP", "Refuse this step and all before it"},
                {"--time", "SECONDS", "Unix time (default: now)"},
            }),
            .run = verify};
}

}  // namespace countersign::cli
