// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/service.h"
#include "countersign/secret.h"
#include "http/router.h"
#include "server/app/fixed_clock.h"
#include "server/app/temporary_directory.h"

class Letterbox;

/// A whole server without its sockets: a router on a service on a store, with users, an administrator, and what a
/// page and a back end hold of them. A request may name these by `@NAME@`.
class RouteStage {
  public:
    RouteStage();
    ~RouteStage();

    /// The one answer to a request; ends the run when there is none, or a second.
    [[nodiscard]] countersign::server::HttpResponse ask(countersign::server::HttpRequest request);
    /// Takes up what an answer tells: ids, receipts, tokens.
    void learn(std::string_view path, const countersign::server::HttpResponse& answer);
    /// Time goes by, and what has ended with it is begun anew.
    void pass();

    /// A token of that kind; of a session, for that purpose.
    [[nodiscard]] std::string token(std::string_view credential, std::string_view purpose) const;
    /// `@USER@`, `@CODE@`, `@CHALLENGE@` and so on, in the place of their names.
    [[nodiscard]] std::string filled_in(const std::string& text) const;

  private:
    void set_policy();
    void open_sessions();
    std::string open_session(const std::string& body);
    [[nodiscard]] std::optional<std::string> value_of(const std::string& name) const;
    [[nodiscard]] std::string code_of(const std::string& user) const;

    TemporaryDirectory directory_;
    std::shared_ptr<FixedClock> clock_ = std::make_shared<FixedClock>();
    std::shared_ptr<Letterbox> letterbox_;
    std::unique_ptr<countersign::server::Service> service_;
    std::unique_ptr<countersign::server::Router> router_;
    std::map<std::string, countersign::Secret> seeds_;
    std::map<std::string, std::string> live_;    ///< by name
    std::map<std::string, std::string> tokens_;  ///< by purpose; of the back end, by `app_key`
    std::size_t passed_ = 0;
};
