// SPDX-License-Identifier: Apache-2.0
#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> confirm(const Arguments& arguments) {
    const auto administration = open_administration(arguments, false);
    if (!administration) return tl::unexpected(administration.error());
    if (const auto confirmed = (*administration)->confirm_clock(); !confirmed) {
        return fail(confirmed.error(), "clock confirm");
    }
    const std::int64_t now = server::make_system_clock()->wall().value;
    return Printout{.text = "confirmed at " + std::to_string(now) + "\n",
                    .json = server::JsonText().boolean("confirmed", true).number("time", now).take()};
}

}  // namespace

Command clock_confirm_command() {
    return {.name = "clock confirm",
            .summary = "Take this machine's clock as right, after it jumped",
            .details = "A server that saw the clock jump forward refuses codes until the kernel says that its clock\n"
                       "is synchronized, or until you say this. Check the time first.",
            .flags = {kDataFlag},
            .run = confirm};
}

}  // namespace countersign::cli
