// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/clock.h"
#include "app/import_batch.h"
#include "app/operator_people.h"
#include "app/policies.h"

namespace countersign::server {

/// One authenticator with its seed in clear, on its way out.
struct OpenedSeed {
    const HeldMethod* held = nullptr;
    Secret seed;
};

struct ImportOptions {
    OnExisting on_existing = OnExisting::Refuse;
    bool skip_bad = false;  ///< leave bad rows out instead of refusing all
    /// No code was used elsewhere since the list was made. Without it, those that were good at the import are spent.
    bool fresh = false;
};

struct PeopleImportReport {
    std::int64_t imported = 0;
    std::vector<std::int64_t> existing;  ///< lines that were left out, with `OnExisting::Skip`
    std::vector<BadRow> bad;             ///< lines that were left out, with `skip_bad`
};

/// What an operator does with users beside a running server (R18).
class People {
  public:
    struct Place {
        std::string data_directory;
        std::string master_key_file;  ///< empty where nothing has to be opened or sealed
        bool create = false;          ///< make directory and store when they do not exist yet
        std::string previous_master_key_file{};  ///< while a rotation is under way (R20): opens what it has not reached
        bool writes = true;           ///< brings a store of an older version to this one, with its key
    };
    /// Errors: the `data.*` and `master_key.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<People>> open(const Place& place, PolicyForm form,
                                                              std::shared_ptr<const Clock> clock);
    virtual ~People() = default;

    [[nodiscard]] virtual UnixSeconds now() const = 0;
    /// Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<std::vector<Person>> list(const std::string& realm, const std::string& after,
                                                           std::int64_t most) = 0;
    /// Errors: `user.unknown`.
    [[nodiscard]] virtual Answer<Person> find(const std::string& realm, const std::string& user) = 0;
    /// The address of a contact or a method in clear; nothing without a key, or where it is none of ours.
    [[nodiscard]] virtual std::optional<std::string> address_of(const ContactRecord& contact) const = 0;
    [[nodiscard]] virtual std::optional<std::string> address_of(const CredentialRecord& credential) const = 0;
    /// Of each authenticator that is not pending. Errors: `master_key.unusable`, `master_key.mismatch`.
    [[nodiscard]] virtual Answer<std::vector<OpenedSeed>> open_seeds(const Person& person) const = 0;
    /// In the audit log before anything leaves. @param user  empty: all of the realm
    [[nodiscard]] virtual Answer<void> note_export(const std::string& realm, const std::string& user,
                                                   bool with_seeds) = 0;
    /// With the master key, which proves in the audit log that it was the operator. Errors: `user.unknown`,
    /// `master_key.unusable`.
    [[nodiscard]] virtual Answer<ErasedPerson> erase(const std::string& realm, const std::string& user) = 0;

    /// All rows or none, but for those that the options leave out. Errors: `realm.unknown`, `import.row_invalid`.
    [[nodiscard]] virtual Answer<PeopleImportReport> import(const std::string& realm, ImportBatch batch,
                                                            const ImportOptions& options) = 0;

    /// Those of these users who have an authenticator.
    [[nodiscard]] virtual Answer<std::vector<std::string>> enrolled_among(const std::string& realm,
                                                                          const std::vector<std::string>& users) = 0;

    /// Errors: `user.unknown`, `method.unknown`, `method.last` (R6).
    [[nodiscard]] virtual Answer<void> remove_method(const std::string& realm, const std::string& user,
                                                     const std::string& credential) = 0;
    /// Errors: `user.unknown`, `method.unknown`, `method.disabled`.
    [[nodiscard]] virtual Answer<void> disable_method(const std::string& realm, const std::string& user,
                                                      const std::string& credential) = 0;
    /// @param method  empty: of each. @return whose pause ended. Errors: `user.unknown`.
    [[nodiscard]] virtual Answer<std::vector<std::string>> end_pauses(const std::string& realm, const std::string& user,
                                                                      const std::string& method) = 0;

    [[nodiscard]] virtual Answer<std::vector<OutboxEnvelope>> outbox(const std::string& realm, bool dead_only,
                                                                     std::int64_t most) = 0;
    /// @param id  empty: all that wait. Errors: `mail.unknown`.
    [[nodiscard]] virtual Answer<std::int64_t> retry_mails(const std::string& realm, const std::string& id) = 0;
    /// @param id  empty: all that are dead. Errors: `mail.unknown`.
    [[nodiscard]] virtual Answer<std::int64_t> drop_mails(const std::string& realm, const std::string& id) = 0;
};

}  // namespace countersign::server
