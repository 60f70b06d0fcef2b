// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "app/administration.h"
#include "app/key_store.h"
#include "app/key_unlock.h"
#include "app/policies.h"
#include "app/store_checkup.h"
#include "app/system_clock.h"
#include "app/timekeeper.h"
#include "cli/doctor_checks.h"
#include "http/policy_codec.h"

namespace countersign::cli {
namespace {

void check_clock(const std::optional<server::StoreCheckup>& store, Findings& findings) {
    const auto clock = server::make_system_clock();
    const UnixSeconds wall = clock->wall();
    if (store && wall.value + server::Timekeeper::kAllowedBehindSeconds < store->high_water.value) {
        findings.fail("clock", "the clock is " + std::to_string(store->high_water.value - wall.value) +
                                   " seconds behind the newest record of the store, and no code is checked; set the clock, "
                                   "or run `countersign clock confirm` if the clock is right.");
        return;
    }
    if (store && store->floor.value > wall.value + server::Timekeeper::kAllowedFloorSeconds) {
        findings.fail("clock", "a restore was made while the clock was ahead: nothing is accepted for " +
                                   std::to_string(store->floor.value - wall.value) +
                                   " seconds more, whatever `clock confirm` says; set the clock before a restore.");
        return;
    }
    const std::string apart =
        store && store->high_water.value > 0 ? "; the store's newest record is " + std::to_string(wall.value - store->high_water.value) + " seconds old"
              : std::string();
    if (clock->kernel_synchronized()) {
        findings.ok("clock", "the kernel says that the clock is synchronized" + apart + ".");
    } else {
        findings.warn("clock", "nobody keeps this machine's clock right" + apart +
                                   "; run an NTP client such as chrony, for codes are of 30 seconds.");
    }
}

/// Whether rows may still be sealed under an earlier master key.
bool is_rotating(const std::string& data) {
    const auto store = server::open_key_store(data);
    const auto ring = store ? (*store)->ring() : tl::unexpected(store.error());
    return ring && !ring->previous.empty();
}

/// That the master key opens this store, with what rotations kept.
void check_key(const server::StoreCheckup& store, const server::ServiceOptions& service, Findings& findings) {
    if (!store.key_check) {
        findings.warn("master_key", "the store was not used with a master key yet.");
        return;
    }
    if (findings.has_failed("master_key_file")) return;
    const server::KeyFiles files{service.data_directory, service.master_key_file, service.previous_master_key_file,
                                 service.guard_directory};
    const auto now = server::make_system_clock()->wall();
    const auto keys = server::unlock_keys(files, server::KeyUse::Read, now);
    const server::KeyFiles before{files.data_directory, files.previous_master_key_file, "", files.guard_directory};
    if (!keys && !before.master_key_file.empty() && server::unlock_keys(before, server::KeyUse::Read, now)) {
        findings.warn("master_key", "the store is still sealed under the previous key; serve takes both, and "
                                    "`countersign keys rotate` goes over to the new one.");
    } else if (!keys) {
        findings.fail("master_key", keys.error().detail + ": " + std::string(server::server_error_sentence(keys.error().code)));
    } else if (keys->previous() == nullptr && is_rotating(service.data_directory)) {
        findings.fail("master_key", "a rotation is under way, and serve needs the key from before, too: give it by "
                                    "--previous-master-key-file; `countersign keys rotate` with both keys ends it.");
    } else if (keys->previous() != nullptr) {
        findings.warn("master_key", "a rotation is under way; `countersign keys status` says how far it is.");
    } else {
        findings.ok("master_key", "the master key is the one of this store.");
    }
}

/// Each realm's policy, as a server reads it. Asked only of a store that nobody would have to migrate.
void check_policies(const std::string& data, Findings& findings) {
    const auto clock = server::make_system_clock();
    auto realms = server::Administration::open(data, "", false, clock);
    auto policies = server::Policies::open(data, server::json_policy_form(), clock);
    const auto names = realms ? (*realms)->list_realms() : tl::unexpected(realms.error());
    if (!policies || !names) {
        findings.fail("policy", "the policies cannot be read; restore a backup if the store is damaged.");
        return;
    }
    for (const std::string& realm : *names) {
        if (const auto policy = (*policies)->current(realm); !policy) {
            findings.fail("policy", "the policy of the realm " + realm +
                                        " cannot be read, and nobody gets in there; put one in force by `policy set`.");
            return;
        }
    }
    findings.ok("policy", std::to_string(names->size()) + (names->size() == 1 ? " realm has" : " realms have") +
                              " a policy that can be read.");
}

void check_content(const server::StoreCheckup& store, const server::ServiceOptions& service, Findings& findings) {
    if (!store.complaint.empty()) {
        findings.fail("store", "a page is damaged (" + store.complaint + "); stop the server and restore a backup.");
        return;
    }
    if (store.is_backup) {
        findings.fail("store", "it is a backup; bring it in by `countersign restore`.");
        return;
    }
    check_last_backup(store.last_backup, findings);
    if (store.schema < store.newest_schema) {
        findings.warn("store", "sound, of schema " + std::to_string(store.schema) + "; this version brings it to " +
                                   std::to_string(store.newest_schema) + " when it starts: make a backup before.");
        return;
    }
    findings.ok("store", "every page is sound, schema " + std::to_string(store.schema) + ".");
    if (findings.has_failed("permissions")) return;
    check_policies(service.data_directory, findings);
    check_key(store, service, findings);
    check_guard(service, findings);
}

}  // namespace

void check_store_and_clock(const ServePlan& plan, Findings& findings) {
    const auto store = server::check_store(plan.service.data_directory);
    if (!store) {
        findings.fail("store", store.error().detail + "; " + std::string(server::server_error_sentence(store.error().code)));
        check_clock(std::nullopt, findings);
        return;
    }
    check_clock(*store, findings);
    if (!*store) {
        findings.warn("store", "there is none yet; serve makes it.");
        return;
    }
    check_content(**store, plan.service, findings);
}

}  // namespace countersign::cli
