// SPDX-License-Identifier: Apache-2.0
#include "app/backup_codes.h"

#include <utility>

#include "app/backup_code_maker.h"
#include "app/change_refusal.h"
#include "app/key_unlock.h"
#include "app/keys.h"
#include "app/master_key.h"
#include "app/older_store.h"
#include "app/refusal.h"
#include "app/store.h"
#include "app/text_rules.h"
#include "app/tokens.h"

namespace countersign::server {
namespace {

constexpr int kJudgings = 3;

Answer<void> check_request(const BackupCodeRequest& request) {
    if (auto sound = check_user(request.user); !sound) return sound;
    const auto is_line = [](const std::string& text, std::size_t most) {
        return !text.empty() && text.size() <= most && is_printable_utf8(text);
    };
    if (!is_line(request.who, kMaxNameBytes)) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "who: 1 to 64 bytes of printable UTF-8");
    }
    if (!is_line(request.reason, kMaxReasonBytes)) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "reason: 1 to 256 bytes of printable UTF-8");
    }
    if (request.hours && (*request.hours < 1 || *request.hours > kMaxBackupHours)) {
        return refuse(ServerErrorCode::RequestFieldInvalid, "hours: 1 to 168");
    }
    return {};
}

class LocalBackupCodes final : public BackupCodes {
  public:
    LocalBackupCodes(Keys keys, PolicyForm form, std::unique_ptr<OperatorStore> store,
                     std::shared_ptr<const Clock> clock)
        : keys_(std::move(keys)), form_(form), store_(std::move(store)), clock_(std::move(clock)) {}

    Answer<IssuedBackupCode> issue(const BackupCodeRequest& request) override {
        if (auto sound = check_request(request); !sound) return tl::unexpected(std::move(sound.error()));
        auto made = make_backup_code(keys_, request.realm, request.user);
        if (!made) return tl::unexpected(std::move(made.error()));
        const auto expires_at = store_code(request, made->digest);
        if (!expires_at) return tl::unexpected(expires_at.error());
        return IssuedBackupCode{std::move(made->shown), *expires_at};
    }

  private:
    /// Judged anew when the policy changes between the judging and the transaction (R11).
    Answer<UnixSeconds> store_code(const BackupCodeRequest& request, const Digest& digest) {
        for (int i = 0; i < kJudgings; ++i) {
            const auto record = store_->policy(request.realm);
            if (!record) return tl::unexpected(record.error());
            const auto policy = read_policy_in_force(form_, *record);
            if (!policy) return tl::unexpected(policy.error());
            if (!allows_backup_codes(policy->policy)) return refuse(ServerErrorCode::PolicyNotAllowed);
            const int hours = request.hours.value_or(policy->policy.security_codes.backup_code_hours);
            const UnixSeconds now = clock_->wall();
            const UnixSeconds expires_at{now.value + std::int64_t{hours} * 3600};
            const auto issued = store_->issue_backup_code({request.realm, request.user, make_random_id("crd_"),
                                                           keys_.id(), now, expires_at, policy->version, digest,
                                                           request.who, request.reason});
            if (!issued) return tl::unexpected(issued.error());
            if (*issued == ChangeResult::Done) return expires_at;
            if (*issued != ChangeResult::PolicyChanged) return refuse(error_of(*issued));
        }
        return refuse(ServerErrorCode::ServerUnavailable, "the policy keeps changing");
    }

    Keys keys_;
    PolicyForm form_;
    std::unique_ptr<OperatorStore> store_;
    std::shared_ptr<const Clock> clock_;
};

}  // namespace

Answer<std::unique_ptr<BackupCodes>> BackupCodes::open(const std::string& data_directory,
                                                       const std::string& master_key_file, PolicyForm form,
                                                       std::shared_ptr<const Clock> clock) {
    const auto master = read_master_key(master_key_file, data_directory);
    if (!master) return tl::unexpected(master.error());
    if (auto fit = bring_up_to_date({data_directory, master_key_file}); !fit) {
        return tl::unexpected(std::move(fit.error()));
    }
    auto store = open_operator_store(data_directory, false);
    if (!store) return tl::unexpected(std::move(store.error()));
    auto keys = unlock_keys({data_directory, master_key_file}, KeyUse::Beside, clock->wall());
    if (!keys) return tl::unexpected(std::move(keys.error()));
    return std::make_unique<LocalBackupCodes>(std::move(*keys), form, std::move(*store), std::move(clock));
}

}  // namespace countersign::server
