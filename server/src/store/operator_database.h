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

/// Opens the store of a directory and brings it up to date. Errors: the `data.*` codes.
/// @param create  make directory and store when they do not exist
[[nodiscard]] Answer<std::unique_ptr<Database>> open_operator_database(const std::string& data_directory, bool create);

/// Throws SQLite::Exception.
[[nodiscard]] bool realm_exists(Database& database, const std::string& realm);

/// Runs `work`, whose answer is an `Answer`, and turns what SQLite throws into `data.store_failed`.
template <class Work>
[[nodiscard]] auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, error.what());
    }
}

/// Commits only what was answered well.
template <class Work>
[[nodiscard]] auto in_transaction(Database& database, Work work) -> decltype(work()) {
    return guarded([&]() -> decltype(work()) {
        WriteTransaction transaction(database);
        auto answer = work();
        if (answer) transaction.commit();
        return answer;
    });
}

}  // namespace countersign::server
