# SPDX-License-Identifier: Apache-2.0
# Writes the numbered SQL files, in order, as literals: their type is what the store trusts.
set(text "// Made by the build from server/migrations/sqlite.\n#include \"store/migrations.h\"\n\n")
string(APPEND text "#include <array>\n\nnamespace countersign::server {\n\n")
string(APPEND text "std::span<const Sql> sqlite_migrations() noexcept {\n    static constexpr std::array kAll{\n")
foreach(file IN LISTS MIGRATIONS)
  file(READ ${file} sql)
  string(APPEND text "        Sql(R\"sql(${sql})sql\"),\n")
endforeach()
string(APPEND text "    };\n    return kAll;\n}\n\n}  // namespace countersign::server\n")
file(WRITE ${OUTPUT} "${text}")
