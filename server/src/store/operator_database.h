// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "app/refusal.h"
#include "store/database.h"

// The operator's process beside a running server: each call one BEGIN IMMEDIATE with a busy timeout (R18).

namespace countersign::server {

/// Opens the store of a directory, which has to be of this version. Errors: the `data.*` codes.
/// @param create  make directory and store when they do not exist
[[nodiscard]] Answer<std::unique_ptr<Database>> open_operator_database(const std::string& data_directory, bool create);

/// Throws SQLite::Exception.
[[nodiscard]] bool realm_exists(Database& database, const std::string& realm);

/// Whether another file stands where this store was opened: a restore has put it aside. Throws SQLite::Exception.
[[nodiscard]] bool was_replaced(Database& database);

/// Runs `work`, whose answer is an `Answer`, and turns what SQLite throws into `data.store_failed`.
template <class Work>
[[nodiscard]] auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, error.what());
    }
}

/// Commits only what was answered well, and tells what came to a store that a restore put aside meanwhile.
template <class Work>
[[nodiscard]] auto in_transaction(Database& database, Work work) -> decltype(work()) {
    return guarded([&]() -> decltype(work()) {
        WriteTransaction transaction(database);
        auto answer = work();
        if (answer) transaction.commit();
        if (answer && was_replaced(database)) {
            return refuse(ServerErrorCode::DataStoreFailed, "a restore has put this store aside meanwhile; do it again");
        }
        return answer;
    });
}

}  // namespace countersign::server
