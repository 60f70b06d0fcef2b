// SPDX-License-Identifier: Apache-2.0
#include "app/safekeeping.h"

#include <chrono>
#include <thread>
#include <utility>

#include "app/guard_file.h"
#include "app/keys.h"
#include "app/master_key.h"
#include "app/older_store.h"
#include "app/refusal.h"

namespace countersign::server {
namespace {

Answer<std::unique_ptr<Restoration>> begin(const RestoreOptions& options) {
    if (options.file.empty()) {
        const auto fits = check_key_before_upgrade({options.data_directory, options.master_key_file});
        if (!fits) return tl::unexpected(fits.error());
        return Restoration::in_place(options.data_directory);
    }
    return Restoration::from_backup(options.file, options.data_directory, options.accept);
}

/// A guard file that cannot be read is what `--accept` is for.
Answer<std::int64_t> epoch_before(const GuardFile& guard, const RestoreOptions& options) {
    const auto known = guard.read();
    if (known) return known->epoch;
    if (options.accept) return 0;
    return tl::unexpected(known.error());
}

/// What is issued in the floor's own second is refused. It is never further ahead than R16 allows.
void pass(UnixSeconds floor, const Clock& clock) {
    while (clock.wall().value <= floor.value) std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

}  // namespace

Answer<BackupManifest> make_backup(const std::string& data_directory, const std::string& out, const Clock& clock) {
    if (lies_inside(out, data_directory)) {
        return refuse(ServerErrorCode::BackupUnusable,
                      out + ": lies inside the data directory; who loses that would lose both");
    }
    return write_backup(data_directory, out, clock.wall());
}

Answer<RestoreReport> restore(const RestoreOptions& options, const Clock& clock) {
    const auto master = read_master_key(options.master_key_file, options.data_directory);
    if (!master) return tl::unexpected(master.error());
    const Keys keys(master->bytes());
    if (auto apart = refuse_guard_inside(options.guard_directory, options.data_directory); !apart) {
        return tl::unexpected(std::move(apart.error()));
    }
    const auto restoration = begin(options);
    if (!restoration) return tl::unexpected(restoration.error());
    const auto matches = (*restoration)->match_key(keys.check());
    if (!matches) return tl::unexpected(matches.error());
    if (!*matches) return refuse(ServerErrorCode::MasterKeyMismatch, options.master_key_file);
    const auto mark = (*restoration)->mark();
    if (!mark) return tl::unexpected(mark.error());
    const GuardFile guard(options.guard_directory, options.master_key_file, mark->id);
    const auto epoch = epoch_before(guard, options);
    if (!epoch) return tl::unexpected(epoch.error());
    auto outcome = (*restoration)->finish({clock.wall(), *epoch, options.keep_codes});
    if (!outcome) return tl::unexpected(std::move(outcome.error()));
    RestoreReport report{std::move(*outcome), {}};
    // In a directory that was empty it may be a drill's: the server of the other store goes on by the same file.
    const bool took_a_place = options.file.empty() || !report.outcome.kept_aside.empty();
    if (took_a_place) report.guard_missing = guard.write(report.outcome.mark);
    pass(report.outcome.floor, clock);
    return report;
}

}  // namespace countersign::server
