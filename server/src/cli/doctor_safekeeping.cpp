// SPDX-License-Identifier: Apache-2.0
// What brings a store back, and what notices that somebody did.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include "app/guard_file.h"
#include "app/key_store.h"
#include "app/system_clock.h"
#include "cli/doctor_checks.h"

namespace countersign::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kOldBackup = 7 * kDay;

/// In the largest unit of which there are two.
std::string in_words(std::int64_t seconds) {
    if (seconds < 2 * kMinute) return std::to_string(seconds) + " seconds";
    if (seconds < 2 * kHour) return std::to_string(seconds / kMinute) + " minutes";
    if (seconds < 2 * kDay) return std::to_string(seconds / kHour) + " hours";
    return std::to_string(seconds / kDay) + " days";
}

}  // namespace

void check_last_backup(std::optional<UnixSeconds> made_at, Findings& findings) {
    if (!made_at) {
        findings.warn("backup", "nobody has made a backup of this store; run `countersign backup` once a day.");
        return;
    }
    const std::int64_t age = std::max<std::int64_t>(server::make_system_clock()->wall().value - made_at->value, 0);
    std::string sentence = "the last one was made ";
    sentence.append(in_words(age)).append(" ago");
    if (age < kOldBackup) {
        findings.ok("backup", sentence + ".");
    } else {
        findings.warn("backup", sentence + ", and what came since is lost with the disk; run `countersign backup` once a day.");
    }
}

void check_guard(const server::ServiceOptions& service, Findings& findings) {
    const auto store = server::open_key_store(service.data_directory);
    const auto named = store ? (*store)->mark() : tl::unexpected(store.error());
    if (!named) return findings.fail("guard", "the store cannot be asked how far it has come: " + named.error().detail);
    const server::GuardFile guard(service.guard_directory, service.master_key_file, named->id);
    const fs::path folder = fs::path(guard.path()).parent_path();
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        return findings.fail("guard", folder.string() + " cannot be written by this user (" +
                                          std::generic_category().message(errno) +
                                          "): a store that is put back by hand will not be noticed; see guard_directory.");
    }
    const auto known = guard.read();
    if (!known) return findings.fail("guard", known.error().detail + "; `countersign restore --accept` makes a new one.");
    const auto mark = (*store)->mark();  // after the file, which a running server may write again at any moment
    if (!mark) return findings.fail("guard", "the store cannot be asked how far it has come: " + mark.error().detail);
    if (known->epoch == 0) {
        findings.warn("guard", "there is no " + guard.path() +
                                   ": a store that was put back by hand would not be noticed; serve writes it.");
    } else if (!guard.check(*mark, *known)) {
        findings.fail("guard", "the store is older than " + guard.path() +
                                   " says: somebody has put it back; take it by `countersign restore --accept`, or put "
                                   "the newer one there.");
    } else {
        findings.ok("guard", "the store is not behind its guard file.");
    }
}

}  // namespace countersign::cli
