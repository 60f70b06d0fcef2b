// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/audit_log.h"
#include "app/keys.h"
#include "store/database.h"
#include "store/sealer.h"
#include "temporary_directory.h"

/// A store of its own with an audit log in it, and nobody but the test who seals.
class AuditStage {
  public:
    AuditStage();
    /// A copy, to be tampered with.
    AuditStage(const AuditStage& other);

    void add_rows(int count);
    /// One step of sealing, committed.
    countersign::server::SealReport seal(const countersign::server::SealRequest& request);
    /// Seals all there is, and signs.
    countersign::server::SealReport seal_and_sign();
    /// What a sealer asks for, by default with the store's own key.
    [[nodiscard]] countersign::server::SealRequest request() const;
    [[nodiscard]] countersign::server::SealRequest request(countersign::SecretView seed) const;

    [[nodiscard]] countersign::server::AuditReport verify(const std::string& since = {}) const;
    void change(const std::string& sql);
    [[nodiscard]] std::int64_t number(const std::string& sql);

    TemporaryDirectory directory;
    std::string data;
    std::string key_file;
    std::unique_ptr<countersign::server::Keys> keys;
    std::int64_t now = 1'800'000'000;

  private:
    [[nodiscard]] std::string file() const;
    int added_ = 0;
};
