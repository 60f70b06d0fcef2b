// SPDX-License-Identifier: Apache-2.0
#include "app/older_store.h"

#include "app/guard_file.h"
#include "app/keys.h"
#include "app/master_key.h"
#include "app/refusal.h"
#include "countersign/secret.h"

namespace countersign::server {
namespace {

Answer<bool> is_key_of(const OlderStore& store, const std::string& file, const std::string& data_directory) {
    const auto master = read_master_key(file, data_directory);
    if (!master) return tl::unexpected(master.error());
    return !store.key_check || equal_constant_time(*store.key_check, Keys(master->bytes()).check());
}

Answer<void> check_key(const OlderStore& store, const KeyFiles& files) {
    for (const std::string* file : {&files.master_key_file, &files.previous_master_key_file}) {
        if (file->empty()) continue;
        const auto fits = is_key_of(store, *file, files.data_directory);
        if (!fits) return tl::unexpected(fits.error());
        if (*fits) return {};
    }
    return refuse(ServerErrorCode::MasterKeyMismatch, files.master_key_file);
}

}  // namespace

Answer<void> check_key_before_upgrade(const KeyFiles& files) {
    const auto store = find_older_store(files.data_directory);
    if (!store) return tl::unexpected(store.error());
    if (!*store) return {};
    return check_key(**store, files);
}

Answer<void> check_before_upgrade(const KeyFiles& files) {
    const auto store = find_older_store(files.data_directory);
    if (!store) return tl::unexpected(store.error());
    if (!*store) return {};
    if (auto fits = check_key(**store, files); !fits) return fits;
    const StoreMark& mark = (*store)->mark;
    if (mark.id.empty()) return {};  // no code was ever checked with it
    const GuardFile guard(files.guard_directory, files.master_key_file, mark.id);
    const auto known = guard.read();
    if (!known) return tl::unexpected(known.error());
    return guard.check(mark, *known);
}

Answer<void> bring_up_to_date(const KeyFiles& files) {
    const auto store = find_older_store(files.data_directory);
    if (!store) return tl::unexpected(store.error());
    if (!*store) return {};
    if (auto fits = check_before_upgrade(files); !fits) return fits;
    return migrate_older_store(files.data_directory);
}

}  // namespace countersign::server
