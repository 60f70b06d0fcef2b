// SPDX-License-Identifier: Apache-2.0
#include "store/operator_database.h"

#include <sys/stat.h>

#include "store/directory.h"
#include "store/schema.h"

namespace countersign::server {

bool realm_exists(Database& database, const std::string& realm) {
    return Query(database.prepared("SELECT 1 FROM realm WHERE realm = :realm")).bind(":realm", realm).run();
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
        if (auto migrated = migrate(*database); !migrated) return tl::unexpected(migrated.error());
        return database;
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

}  // namespace countersign::server
