// SPDX-License-Identifier: Apache-2.0
#include "cli/store_facts.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>

#include "app/backup.h"

namespace countersign::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// The store with its write-ahead log; other files of the directory are tiny.
double store_bytes(const std::string& directory) {
    double sum = 0;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
        std::error_code gone;  // a journal may go while it is looked at
        const std::uintmax_t size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
        if (!gone) sum += static_cast<double>(size);
    }
    return error ? kUnknown : sum;
}

double free_bytes(const std::string& directory) {
    std::error_code error;
    const fs::space_info space = fs::space(directory, error);
    return error ? kUnknown : static_cast<double>(space.available);
}

/// Asked of the store: a backup is another process's.
double last_backup(const std::string& directory) {
    const auto made_at = server::read_last_backup(directory);
    if (!made_at) return kUnknown;
    return *made_at ? static_cast<double>((*made_at)->value) : 0.0;
}

}  // namespace

void watch_store(server::Metrics& metrics, const std::string& data_directory) {
    using Kind = server::Metrics::Kind;
    metrics.watch({"countersign_data_bytes", "Size of the data directory's files.", Kind::Gauge,
                   [data_directory] { return store_bytes(data_directory); }});
    metrics.watch({"countersign_data_free_bytes", "What this user may still write beside the store.", Kind::Gauge,
                   [data_directory] { return free_bytes(data_directory); }});
    metrics.watch({"countersign_last_backup_timestamp_seconds", "When the store was backed up last, Unix time; 0: never.",
                   Kind::Gauge, [data_directory] { return last_backup(data_directory); }});
}

}  // namespace countersign::cli
