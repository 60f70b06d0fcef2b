// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_text.h"

#include <utility>

#include "app/system_clock.h"
#include "cli/input.h"

namespace countersign::cli {
namespace {

constexpr InputFlags kDocumentFlags{"--stdin", "--file", std::size_t{16} * 1024};

}  // namespace

Checked<std::unique_ptr<server::Policies>> open_policies(const Arguments& arguments) {
    const std::string data = arguments.text("--data");
    auto opened = server::Policies::open(data, server::json_policy_form(), server::make_system_clock());
    if (!opened) return fail(opened.error(), "--data " + data);
    return std::move(*opened);
}

Checked<server::Policy> read_policy_document(const Arguments& arguments) {
    const auto document = read_input(arguments, kDocumentFlags);
    if (!document) return tl::unexpected(document.error());
    auto policy = server::read_policy(document->text());
    if (policy) return *policy;
    const server::PolicyRefusal& refusal = policy.error();
    const std::string where = refusal.field.empty() ? "" : refusal.field + ": ";
    return tl::unexpected(Failure{refusal.code, where + refusal.sentence, kExitUsage});
}

server::JsonText policy_json(const server::SavedPolicy& saved) {
    server::JsonText json;
    json.number("version", saved.version);
    if (saved.version > 0) json.text("who", saved.who).number("at", saved.at.value);
    json.raw("policy", server::write_policy(saved.policy));
    return json;
}

}  // namespace countersign::cli
