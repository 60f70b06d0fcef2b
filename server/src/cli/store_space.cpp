// SPDX-License-Identifier: Apache-2.0
#include "cli/store_space.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>

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

}  // namespace

void watch_store_space(server::Metrics& metrics, const std::string& data_directory) {
    using Kind = server::Metrics::Kind;
    metrics.watch({"countersign_data_bytes", "Size of the data directory's files.", Kind::Gauge,
                   [data_directory] { return store_bytes(data_directory); }});
    metrics.watch({"countersign_data_free_bytes", "What this user may still write beside the store.", Kind::Gauge,
                   [data_directory] { return free_bytes(data_directory); }});
}

}  // namespace countersign::cli
