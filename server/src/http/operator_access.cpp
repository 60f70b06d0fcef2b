// SPDX-License-Identifier: Apache-2.0
#include "http/operator_access.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "app/refusal.h"
#include "http/bearer_token.h"
#include "http/client_address.h"
#include "http/private_file.h"

namespace countersign::server {
namespace {

constexpr std::size_t kShortest = 16;
constexpr std::size_t kLongest = 512;

/// Without `:PORT`, and without the brackets of IPv6.
std::string_view name_of(std::string_view host) noexcept {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

}  // namespace

tl::expected<void, std::string> OperatorAccess::read_token(const std::string& file) {
    auto content = read_private_file(file, kLongest + 2);
    if (!content) return tl::unexpected(std::move(content.error()));
    const std::string_view text = content->text();
    const std::size_t length = std::min(text.find_last_not_of("\r\n") + 1, text.size());
    const bool printable = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length),
                                       [](char symbol) { return symbol > ' ' && symbol <= '~'; });
    if (length < kShortest || length > kLongest || !printable) {
        std::string sentence = file;
        return tl::unexpected(sentence.append(": holds no token; give one line of 16 to 512 printable characters without spaces"));
    }
    content->truncate(length);
    const std::lock_guard lock(mutex_);
    token_ = std::move(*content);
    return {};
}

Answer<void> OperatorAccess::admit(const HttpRequest& request) const {
    if (!is_called(request.host)) {
        return refuse(ServerErrorCode::RouteNotFound, "nobody calls this listener by that name; see --operator-hosts");
    }
    const std::lock_guard lock(mutex_);
    if (token_.empty()) return {};
    const std::string_view shown = bearer_token(request.authorization);
    if (shown.empty()) return refuse(ServerErrorCode::AuthMissing);
    const Secret copy{shown};
    if (request.authorization_repeated || !equal_constant_time(copy.bytes(), token_.bytes())) {
        return refuse(ServerErrorCode::AuthInvalid);
    }
    return {};
}

bool OperatorAccess::is_called(std::string_view host) const {
    const std::string_view name = name_of(host);
    return IpAddress::parse(name) || equals_ignoring_case(name, "localhost") ||
           std::ranges::any_of(hosts_, [&](const std::string& own) { return equals_ignoring_case(name, own); });
}

}  // namespace countersign::server
