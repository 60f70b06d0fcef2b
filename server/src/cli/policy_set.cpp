// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "app/text_rules.h"
#include "cli/commands.h"
#include "cli/policy_text.h"

namespace countersign::cli {
namespace {

Checked<std::string> read_author(const Arguments& arguments) {
    std::string who = arguments.text("--who");
    if (!who.empty() && who.size() <= server::kMaxNameBytes && server::is_printable_utf8(who)) return who;
    return fail(UsageCode::ValueInvalid, "--who is not usable; give 1 to 64 bytes of printable UTF-8");
}

Checked<Printout> set(const Arguments& arguments) {
    const auto who = read_author(arguments);
    if (!who) return tl::unexpected(who.error());
    std::optional<std::int64_t> expected;
    if (arguments.has("--expect-version")) {
        const auto version = arguments.integer("--expect-version", 0, 0);
        if (!version) return tl::unexpected(version.error());
        expected = *version;
    }
    const auto policy = read_policy_document(arguments);
    if (!policy) return tl::unexpected(policy.error());
    const auto policies = open_policies(arguments);
    if (!policies) return tl::unexpected(policies.error());
    const auto saved = (*policies)->save(realm_of(arguments), *policy, *who, expected);
    if (!saved) return fail(saved.error(), "policy set");
    return Printout{.text = "policy " + std::to_string(saved->version) + " is in force\n",
                    .json = policy_json(*saved).take()};
}

}  // namespace

Command policy_set_command() {
    return {.name = "policy set",
            .summary = "Put a policy in force at once, whole or not at all",
            .details = "Works beside a running server, which decides by it from its next request on. A document that\n"
                       "contradicts itself is refused with the field that does.\n"
                       "Example: countersign policy set --data data --file policy.json --who ann",
            .flags = {kDataFlag,
                      {"--stdin", "", "Read the document from standard input"},
                      {"--file", "FILE", "Read the document from FILE"},
                      {"--who", "NAME", "Who decided so: 1 to 64 bytes, for the history", true},
                      {"--expect-version", "N", "Refuse when another version than N is in force"},
                      kRealmFlag},
            .run = set};
}

}  // namespace countersign::cli
