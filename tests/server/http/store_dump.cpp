// SPDX-License-Identifier: Apache-2.0
// Prints every row of a store as text, so that a test can say that nothing changed. The times and counts
// that a server notes by itself as it runs are left out, and so is the sealing of the audit log, which follows
// its events by up to a minute; the events themselves are printed.
#include <cstdio>
#include <string>
#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>

namespace {

bool noted_by_itself(std::string_view table, std::string_view column) {
    if (table == "audit") return column == "number" || column == "record_hash" || column == "chain_head";
    return table == "state" && (column == "high_water" || column == "commits");
}

std::string hex(const SQLite::Column& column) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto* bytes = static_cast<const unsigned char*>(column.getBlob());
    std::string text;
    for (int i = 0; i < column.getBytes(); ++i) {
        text += kHex[bytes[i] >> 4U];
        text += kHex[bytes[i] & 15U];
    }
    return text;
}

void dump_table(const SQLite::Database& database, const std::string& table) {
    SQLite::Statement rows(database, "SELECT * FROM \"" + table + "\"");
    while (rows.executeStep()) {
        std::string line = table;
        for (int i = 0; i < rows.getColumnCount(); ++i) {
            const std::string name = rows.getColumnName(i);
            if (!noted_by_itself(table, name)) {
                const SQLite::Column column = rows.getColumn(i);
                line.append(" ").append(name).append("=");
                line.append(column.isBlob() ? hex(column) : column.getString());
            }
        }
        std::puts(line.c_str());
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("store_dump FILE\n", stderr);
        return 2;
    }
    try {
        const SQLite::Database database(argv[1], SQLite::OPEN_READONLY);
        SQLite::Statement tables(database,
                                 "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                                 "AND name NOT IN ('audit_chain', 'audit_checkpoint') "
                                 "ORDER BY name");
        while (tables.executeStep()) {
            dump_table(database, tables.getColumn(0).getString());
        }
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "store_dump: %s\n", failure.what());
        return 1;
    }
    return 0;
}
