// SPDX-License-Identifier: Apache-2.0
#include "app/policies.h"

#include <utility>

#include "app/refusal.h"
#include "app/store.h"
#include "app/text_rules.h"

namespace countersign::server {
namespace {

class LocalPolicies final : public Policies {
  public:
    LocalPolicies(PolicyForm form, std::unique_ptr<OperatorStore> store, std::shared_ptr<const Clock> clock)
        : form_(form), store_(std::move(store)), clock_(std::move(clock)) {}

    Answer<SavedPolicy> current(const std::string& realm) override {
        const auto record = store_->policy(realm);
        if (!record) return tl::unexpected(record.error());
        return read(*record);
    }

    Answer<std::vector<SavedPolicy>> history(const std::string& realm) override {
        const auto records = store_->policy_history(realm);
        if (!records) return tl::unexpected(records.error());
        std::vector<SavedPolicy> all;
        for (const PolicyRecord& record : *records) {
            auto saved = read(record);
            if (!saved) return tl::unexpected(std::move(saved.error()));
            all.push_back(std::move(*saved));
        }
        return all;
    }

    Answer<SavedPolicy> save(const std::string& realm, const Policy& policy, const std::string& who,
                             std::optional<std::int64_t> expected_version) override {
        if (const auto fault = find_fault(policy)) {
            return refuse(ServerErrorCode::RequestFieldInvalid, std::string(fault->field));
        }
        if (who.empty() || who.size() > kMaxNameBytes || !is_printable_utf8(who)) {
            return refuse(ServerErrorCode::RequestFieldInvalid, "who: 1 to 64 bytes of printable UTF-8");
        }
        const auto saved = store_->save_policy({realm, form_.write(policy), who, clock_->wall(), expected_version});
        if (!saved) return tl::unexpected(saved.error());
        return SavedPolicy{saved->version, policy, saved->who, saved->at};
    }

  private:
    Answer<SavedPolicy> read(const PolicyRecord& record) const {
        const auto read = read_policy_in_force(form_, record);
        if (!read) return tl::unexpected(read.error());
        return SavedPolicy{record.version, read->policy, record.who, record.at};
    }

    PolicyForm form_;
    std::unique_ptr<OperatorStore> store_;
    std::shared_ptr<const Clock> clock_;
};

}  // namespace

Answer<PolicyInForce> read_policy_in_force(const PolicyForm& form, const PolicyRecord& record) {
    if (record.version == 0) return PolicyInForce{};
    const auto policy = form.read == nullptr ? std::nullopt : form.read(record.document);
    if (!policy) {
        return refuse(ServerErrorCode::ServerUnavailable,
                      "policy " + std::to_string(record.version) + " cannot be read", kUnavailableRetrySeconds);
    }
    return PolicyInForce{record.version, *policy};
}

Answer<std::unique_ptr<Policies>> Policies::open(const std::string& data_directory, PolicyForm form,
                                                 std::shared_ptr<const Clock> clock) {
    auto store = open_operator_store(data_directory, false);
    if (!store) return tl::unexpected(std::move(store.error()));
    return std::make_unique<LocalPolicies>(form, std::move(*store), std::move(clock));
}

}  // namespace countersign::server
