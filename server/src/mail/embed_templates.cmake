# SPDX-License-Identifier: Apache-2.0
# Writes the mail templates as literals, found by their file names.
set(text "// Made by the build from server/mail-templates.\n#include \"mail/embedded_templates.h\"\n\n")
string(APPEND text "namespace countersign::server {\n\nstd::string_view embedded_mail_template(std::string_view file_name) noexcept {\n")
foreach(file IN LISTS TEMPLATES)
  file(READ ${file} body)
  cmake_path(GET file FILENAME name)
  string(APPEND text "    if (file_name == \"${name}\") return R\"mail(${body})mail\";\n")
endforeach()
string(APPEND text "    return {};\n}\n\n}  // namespace countersign::server\n")
file(WRITE ${OUTPUT} "${text}")
