// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/serve_plan.h"

namespace countersign::cli {

enum class Health : unsigned char { Ok, Warning, Failed };

struct Finding {
    std::string_view check;
    Health health = Health::Ok;
    std::string sentence;  ///< what was found, and what to do where it is not well
};

/// What the checks have found, in their order.
class Findings {
  public:
    void ok(std::string_view check, std::string sentence) { add(check, Health::Ok, std::move(sentence)); }
    void warn(std::string_view check, std::string sentence) { add(check, Health::Warning, std::move(sentence)); }
    void fail(std::string_view check, std::string sentence) { add(check, Health::Failed, std::move(sentence)); }
    [[nodiscard]] const std::vector<Finding>& all() const noexcept { return all_; }
    [[nodiscard]] bool has_failed(std::string_view check) const noexcept {
        return std::ranges::any_of(all_, [&](const Finding& finding) {
            return finding.check == check && finding.health == Health::Failed;
        });
    }

  private:
    void add(std::string_view check, Health health, std::string sentence) {
        all_.push_back({check, health, std::move(sentence)});
    }
    std::vector<Finding> all_;
};

// Each one looks and changes nothing: it works beside a running server and without one.

/// That `serve` would take these settings. @return what it was told, when it would
[[nodiscard]] std::optional<ServePlan> check_configuration(const Arguments& arguments, Findings& findings);

/// Modes and owners of the data directory and of the files in it; and where the master key stands (R20).
void check_permissions(const std::string& data, Findings& findings);
void check_master_key_file(const std::string& key_file, const std::string& data, Findings& findings);
/// Free bytes and inodes; what the file system is (R18); that it takes a write to the disk.
void check_disk(const std::string& data, Findings& findings);
void check_file_system(const std::string& data, Findings& findings);
void check_entropy(Findings& findings);

/// Pages, schema, the clock's mark, the master key, the guard file, the last backup, and every realm's policy. After
/// `check_permissions`: what opens the store as the server does would close its files to others.
void check_store_and_clock(const ServePlan& plan, Findings& findings);

/// When the store was backed up last.
void check_last_backup(std::optional<UnixSeconds> made_at, Findings& findings);
/// That a store put back by hand would be noticed (R17). Of a store that nobody would have to migrate.
void check_guard(const server::ServiceOptions& service, Findings& findings);

/// Speaks to the mail server up to the login, and sends nothing.
void check_mail(const Arguments& arguments, Findings& findings);
/// How long the certificate is still valid.
void check_certificate(const ServePlan& plan, Findings& findings);
/// That the operator's token can be read, and the audit file written, as `serve` does both.
void check_operator_token(const ServePlan& plan, Findings& findings);
void check_audit_file(const ServePlan& plan, Findings& findings);
/// Asks the operator's listener of a running server, if there is an address of one.
void check_running_server(const ServePlan& plan, Findings& findings);

}  // namespace countersign::cli
