// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <cstdio>
#include <utility>

#include "cli/command.h"
#include "cli/parse.h"
#include "cli/settings_sources.h"
#include "cli/terminal_text.h"
#include "countersign/secret.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

// Nearly every command holds a seed or a key. (Not dumpable at all, as `serve`, would close /dev/stdin to
// a user other than root.)
void leave_no_core_file() {
    const rlimit least{1, 1};  // a file of no core's size; with 0 some systems still pipe it to a program
    ::setrlimit(RLIMIT_CORE, &least);
}

int tell(const Failure& failure, bool json) {
    std::string line;
    if (json) {
        const std::string error =
            server::JsonText().text("code", failure.code).text("message", one_line(failure.message)).take();
        line = server::JsonText().raw("error", error).take() + "\n";
    } else {
        line = "countersign: " + one_line(failure.message) + " [" + failure.code + "]\n";
    }
    static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));  // nowhere left to complain to
    return failure.exit_code;
}

bool print(std::string& text) {
    // Unbuffered: what is printed may be a secret, and stdio would keep a copy.
    static_cast<void>(std::setvbuf(stdout, nullptr, _IONBF, 0));
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    wipe_memory(text.data(), text.size());
    return written;
}

}  // namespace

int run(int argc, const char* const* argv) {
    leave_no_core_file();
    const bool json = asks_for_json(argc, argv);
    auto parsed = parse(argc, argv);
    if (!parsed) {
        return tell(parsed.error(), json);
    }
    Printout printout;
    if (auto* help = std::get_if<HelpText>(&*parsed)) {
        printout.text = std::move(help->text);
    } else {
        auto& invocation = std::get<Invocation>(*parsed);
        if (const auto complete = complete_arguments(*invocation.command, invocation.arguments); !complete) {
            return tell(complete.error(), json);
        }
        auto said = invocation.command->run(invocation.arguments);
        if (!said) {
            return tell(told_by_place(std::move(said.error()), invocation.arguments), json);
        }
        printout = std::move(*said);
        if (invocation.json && !printout.json.empty()) {
            wipe_memory(printout.text.data(), printout.text.size());
            printout.text = std::move(printout.json) + "\n";
        }
    }
    if (!print(printout.text)) {
        return tell(fail(UsageCode::OutputFailed, "standard output cannot be written").value(), json);
    }
    wipe_memory(printout.json.data(), printout.json.size());
    return printout.exit_code;
}

}  // namespace countersign::cli
