// SPDX-License-Identifier: Apache-2.0
#include "app/audit_log.h"

#include <utility>

#include "app/audit_walk.h"
#include "app/key_unlock.h"
#include "app/older_store.h"
#include "app/refusal.h"

namespace countersign::server {
namespace {

class LocalAuditLog final : public AuditLog {
  public:
    LocalAuditLog(std::optional<Keys> keys, std::unique_ptr<AuditReader> reader)
        : keys_(std::move(keys)), reader_(std::move(reader)) {}

    Answer<std::vector<AuditRow>> newest(std::int64_t limit) override { return reader_->newest(limit); }

    Answer<AuditReport> verify(const std::optional<SignedCheckpoint>& since) override {
        const auto key = public_key();
        if (!key) return tl::unexpected(key.error());
        const auto chain = reader_->chain();
        if (!chain) return tl::unexpected(chain.error());
        auto checkpoints = reader_->checkpoints();
        if (!checkpoints) return tl::unexpected(std::move(checkpoints.error()));
        AuditWalk walk(*key, erasure_proof(*keys_), std::move(*checkpoints), since, keys_->earlier_audit_keys());
        const auto walked = reader_->each_sealed([&](const AuditRow& row) { walk.visit(row); });
        if (!walked) return tl::unexpected(walked.error());
        if (chain->unsealed > 0) {
            const auto unsealed = reader_->newest(chain->unsealed);  // of the same snapshot, so these very rows
            if (!unsealed) return tl::unexpected(unsealed.error());
            for (const AuditRow& row : *unsealed) walk.visit_unsealed(row);
        }
        return walk.finish(*chain);
    }

    Answer<AuditPublicKey> public_key() override {
        if (!keys_) return refuse(ServerErrorCode::MasterKeyUnusable, "none was given");
        return audit_public_key(keys_->audit()).value();
    }

  private:
    std::optional<Keys> keys_;
    std::unique_ptr<AuditReader> reader_;
};

}  // namespace

Answer<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& data_directory,
                                                 const std::string& master_key_file) {
    if (!master_key_file.empty()) {
        const auto fit = check_before_upgrade({data_directory, master_key_file});
        if (!fit) return tl::unexpected(fit.error());
    }
    auto reader = open_audit_reader(data_directory);
    if (!reader) return tl::unexpected(std::move(reader.error()));
    if (master_key_file.empty()) {
        return std::make_unique<LocalAuditLog>(std::nullopt, std::move(*reader));
    }
    auto keys = unlock_keys({data_directory, master_key_file}, KeyUse::Read, UnixSeconds{});
    if (!keys) return tl::unexpected(keys.error());
    return std::make_unique<LocalAuditLog>(std::move(*keys), std::move(*reader));
}

}  // namespace countersign::server
