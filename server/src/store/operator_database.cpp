// SPDX-License-Identifier: Apache-2.0
#include "store/operator_database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/directory.h"
#include "store/schema.h"

namespace countersign::server {

bool realm_exists(Database& database, const std::string& realm) {
    return Query(database.prepared("SELECT 1 FROM realm WHERE realm = :realm")).bind(":realm", realm).run();
}

bool was_replaced(Database& database) {
    int moved = 0;
    const int asked = ::sqlite3_file_control(database.connection().getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (asked != SQLITE_OK) throw SQLite::Exception("the store's file cannot be asked where it is");
    return moved != 0;
}

Answer<std::unique_ptr<Database>> open_operator_database(const std::string& data_directory, bool create) {
    if (auto usable = prepare_directory(data_directory, create); !usable) return tl::unexpected(usable.error());
    const std::string file = database_file(data_directory);
    struct stat about {};
    if (!create && ::stat(file.c_str(), &about) != 0) {
        return refuse(ServerErrorCode::DataDirectoryUnusable, data_directory + ": holds no store");
    }
    try {
        make_private_file(file);
        auto database = std::make_unique<Database>(file, Role::Writer);
        if (auto current = refuse_older(*database); !current) return tl::unexpected(current.error());
        if (auto made = migrate(*database); !made) return tl::unexpected(made.error());
        return database;
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

}  // namespace countersign::server
