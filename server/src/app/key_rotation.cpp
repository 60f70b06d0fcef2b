// SPDX-License-Identifier: Apache-2.0
#include "app/key_rotation.h"

#include <chrono>
#include <thread>
#include <utility>

#include "app/older_store.h"
#include "app/refusal.h"
#include "app/seed_box.h"

namespace countersign::server {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kRowsAPage = 256;  // a transaction, so that the server's writer waits for milliseconds
constexpr std::size_t kShownUnopened = 20;

std::string_view name_of(SealedTable table) {
    switch (table) {
        case SealedTable::Contact: return "contact";
        case SealedTable::Outbox: return "outbox";
        case SealedTable::Credential: break;
    }
    return "credential";
}

class Rotation {
  public:
    Rotation(const Keys& keys, KeyStore& store) : keys_(keys), store_(store) {
        report_.key_id = keys.id();
        report_.previous = keys.previous()->id();
    }

    /// From the first row to the last; what is done already is only read.
    Answer<void> walk(SealedTable table) {
        SealedRow last;
        for (;;) {
            auto rows = store_.rows_after(table, last, kRowsAPage);
            if (!rows) return tl::unexpected(std::move(rows.error()));
            if (rows->empty()) return {};
            last = rows->back();
            if (auto replaced = seal_page(table, std::move(*rows)); !replaced) return replaced;
        }
    }

    [[nodiscard]] const RotationReport& report() const noexcept { return report_; }

  private:
    Answer<void> seal_page(SealedTable table, std::vector<SealedRow> rows) {
        std::vector<SealedAnew> page;
        for (SealedRow& row : rows) {
            if (row.key_id != report_.previous) continue;
            auto sealed = seal_anew(keys_, {row.realm, row.user, row.method, row.id}, row.sealed);
            if (sealed) page.push_back({std::move(row), std::move(*sealed)});
            else note_unopened(table, row);
        }
        if (page.empty()) return {};
        const auto since = Steady::now();
        const auto replaced = store_.replace(table, page, report_.key_id);
        if (!replaced) return tl::unexpected(replaced.error());
        report_.sealed_anew += *replaced;
        std::this_thread::sleep_for(Steady::now() - since);  // as long again belongs to the server
        return {};
    }

    void note_unopened(SealedTable table, const SealedRow& row) {
        report_.unopened += 1;
        if (report_.first_unopened.size() >= kShownUnopened) return;
        std::string where(name_of(table));
        where.append(" ").append(row.realm).append(" ").append(row.user).append(" ").append(row.id);
        report_.first_unopened.push_back(std::move(where));
    }

    const Keys& keys_;
    KeyStore& store_;
    RotationReport report_;
};

}  // namespace

Answer<RotationReport> rotate_keys(const KeyFiles& files, const Clock& clock) {
    if (auto fit = bring_up_to_date(files); !fit) return tl::unexpected(std::move(fit.error()));
    const auto store = open_key_store(files.data_directory);
    if (!store) return tl::unexpected(store.error());
    const auto keys = unlock_keys(files, KeyUse::Rotate, **store, clock.wall());
    if (!keys) return tl::unexpected(keys.error());
    if (keys->previous() == nullptr) {
        RotationReport nothing;
        nothing.key_id = keys->id();
        nothing.ended = true;
        return nothing;
    }
    Rotation rotation(*keys, **store);
    for (const SealedTable table : {SealedTable::Credential, SealedTable::Contact, SealedTable::Outbox}) {
        if (auto walked = rotation.walk(table); !walked) return tl::unexpected(std::move(walked.error()));
    }
    RotationReport report = rotation.report();
    if (report.unopened > 0) return report;
    // No row has come under the previous key since it was replaced (migration 006 sees to that), so none is left.
    const auto retired = (*store)->retire(report.previous, clock.wall());
    if (!retired) return tl::unexpected(retired.error());
    report.ended = true;
    return report;
}

Answer<KeyStatus> key_status(const std::string& data_directory) {
    const auto store = open_key_store(data_directory);
    if (!store) return tl::unexpected(store.error());
    auto ring = (*store)->ring();
    if (!ring) return tl::unexpected(std::move(ring.error()));
    KeyStatus status{std::move(ring->current), std::move(ring->previous), std::move(ring->retired), {}, {}, {}};
    for (const auto& [table, counts] : {std::pair{SealedTable::Credential, &status.credentials},
                                        {SealedTable::Contact, &status.contacts},
                                        {SealedTable::Outbox, &status.mails}}) {
        auto counted = (*store)->count(table);
        if (!counted) return tl::unexpected(std::move(counted.error()));
        *counts = std::move(*counted);
    }
    return status;
}

}  // namespace countersign::server
