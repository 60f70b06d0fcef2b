// SPDX-License-Identifier: Apache-2.0
#include "store/foreign_schema.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "app/refusal.h"
#include "store/migrations.h"
#include "store/sql.h"

namespace countersign::server {
namespace {

/// Kind and name of an object: the table it is of and its SQL.
using Schema = std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>>;

struct Found {
    std::int64_t version = 0;
    Schema schema;
};

/// In one statement: version and content are of one moment, whoever migrates meanwhile.
Found read_schema(SQLite::Database& database) {
    static constexpr Sql kAll =
        "SELECT type, name, tbl_name, coalesce(sql, ''), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema";
    SQLite::Statement rows(database, kAll.text());
    Found found;
    while (rows.executeStep()) {
        found.version = rows.getColumn(4).getInt64();
        const std::string type = rows.getColumn(0).getString();
        const std::string name = rows.getColumn(1).getString();
        found.schema.insert_or_assign({type, name},
                                      std::pair(rows.getColumn(2).getString(), rows.getColumn(3).getString()));
    }
    return found;
}

Schema expected_schema(std::int64_t version) {
    SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    const auto all = sqlite_migrations();
    for (std::int64_t i = 0; i < version; ++i) fresh.exec(all[static_cast<std::size_t>(i)].text());
    return read_schema(fresh).schema;
}

bool is_sqlites_statistics(const Schema::value_type& object) {
    return object.first.first == "table" && std::string_view(object.first.second).starts_with("sqlite_stat");
}

tl::unexpected<ServerError> foreign(const Schema::key_type& object, std::string_view what) {
    std::string why = "its database is not as this program makes it: the ";
    why.append(object.first).append(" ").append(object.second).append(" ").append(what);
    return refuse(ServerErrorCode::DataDirectoryUnusable, why);
}

}  // namespace

Answer<void> refuse_foreign_schema(SQLite::Database& database) {
    Found found = read_schema(database);
    const auto newest = static_cast<std::int64_t>(sqlite_migrations().size());
    if (found.version <= 0 || found.version > newest) return {};  // fresh, another program's or newer: told by others
    std::erase_if(found.schema, is_sqlites_statistics);
    if (const auto mark = found.schema.find({"table", "backup_mark"});
        mark != found.schema.end() && mark->second == std::pair<std::string, std::string>("backup_mark", kBackupMarkTable)) {
        found.schema.erase(mark);
    }
    const Schema expected = expected_schema(found.version);
    for (const auto& [object, content] : found.schema) {
        const auto ours = expected.find(object);
        if (ours == expected.end()) return foreign(object, "is not of it");
        if (ours->second != content) return foreign(object, "has been changed");
    }
    for (const auto& [object, content] : expected) {
        if (!found.schema.contains(object)) return foreign(object, "is missing");
    }
    return {};
}

}  // namespace countersign::server
