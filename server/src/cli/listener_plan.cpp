// SPDX-License-Identifier: Apache-2.0
#include "cli/listener_plan.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace countersign::cli {
namespace {

/// `a,b, c`; an empty part is none.
std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        std::string_view part = text.substr(0, comma);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return parts;
}

Checked<std::vector<server::AddressBlock>> read_proxies(const Arguments& arguments) {
    std::vector<server::AddressBlock> blocks;
    for (const std::string& text : split_list(arguments.text("--trusted-proxies"))) {
        const auto block = server::AddressBlock::parse(text);
        if (!block) {
            return fail(UsageCode::ValueInvalid, "--trusted-proxies: " + text + " is no address nor a network; give such as "
                                                 "192.0.2.7, 10.0.0.0/8 or fd00::/8, with no bits set beyond the length");
        }
        blocks.push_back(*block);
    }
    return blocks;
}

Checked<std::optional<server::TlsFiles>> read_tls(const Arguments& arguments) {
    server::TlsFiles files{arguments.text("--tls-certificate"), arguments.text("--tls-private-key")};
    if (files.certificate.empty() && files.private_key.empty()) return std::nullopt;
    if (files.certificate.empty() || files.private_key.empty()) {
        return fail(UsageCode::FlagMissing, std::string(files.certificate.empty() ? "--tls-certificate" : "--tls-private-key") +
                                                " is missing; TLS needs both files");
    }
    return std::optional(std::move(files));
}

}  // namespace

Checked<ListenerPlan> read_listener_plan(const Arguments& arguments) {
    ListenerPlan plan;
    auto proxies = read_proxies(arguments);
    if (!proxies) return tl::unexpected(proxies.error());
    plan.main.trusted_proxies = std::move(*proxies);
    auto tls = read_tls(arguments);
    if (!tls) return tl::unexpected(tls.error());
    plan.tls = std::move(*tls);
    plan.operator_token_file = arguments.text("--operator-token-file");
    plan.operator_hosts = split_list(arguments.text("--operator-hosts"));

    struct Limit {
        std::string_view flag;
        std::int64_t standard;
        std::int64_t least;
        std::int64_t most;
        std::int64_t value = 0;
    };
    Limit limits[] = {{"--max-connections", 4096, 1, 1'000'000},
                      {"--max-connections-per-address", 256, 1, 1'000'000},
                      {"--max-header-bytes", 8 * 1024, 1024, 64 * 1024},
                      {"--max-body-bytes", 16 * 1024, 1024, 1024 * 1024},
                      {"--request-seconds", 10, 1, 600},
                      {"--idle-seconds", 75, 1, 3600},
                      {"--max-requests-per-address", 100, 1, 1'000'000}};
    for (Limit& limit : limits) {
        const auto value = arguments.integer(limit.flag, limit.standard, limit.least, limit.most);
        if (!value) return tl::unexpected(value.error());
        limit.value = *value;
    }
    plan.main.connection_limit = static_cast<std::size_t>(limits[0].value);
    plan.main.connections_per_address = static_cast<std::size_t>(limits[1].value);
    plan.main.header_limit = static_cast<std::size_t>(limits[2].value);
    plan.main.body_limit = static_cast<std::uint64_t>(limits[3].value);
    plan.main.request_time = std::chrono::seconds(limits[4].value);
    plan.main.idle_time = std::chrono::seconds(limits[5].value);
    plan.requests_per_address = static_cast<std::size_t>(limits[6].value);
    return plan;
}

}  // namespace countersign::cli
