# SPDX-License-Identifier: Apache-2.0
# The private flags of our own targets: link countersign_warnings PRIVATE, never set global flags.
add_library(countersign_warnings INTERFACE)
target_compile_options(countersign_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${COUNTERSIGN_DEVELOPER_MODE}>:-Werror>)
if(COUNTERSIGN_SANITIZE)
  target_compile_options(countersign_warnings INTERFACE
    -fsanitize=${COUNTERSIGN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(countersign_warnings INTERFACE -fsanitize=${COUNTERSIGN_SANITIZE})
  if(COUNTERSIGN_SANITIZE MATCHES "address.*undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_library(countersign_ubsan_report STATIC ${CMAKE_CURRENT_LIST_DIR}/ubsan_report.cpp)
    target_link_libraries(countersign_warnings INTERFACE countersign_ubsan_report)
    target_link_options(countersign_warnings INTERFACE -Wl,--undefined=__ubsan_on_report)
  endif()
  # GCC 12 under AddressSanitizer sees uninitialized members in <regex> and <functional> (GCC bug 105562).
  target_compile_options(countersign_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
else()
  if(NOT EMSCRIPTEN)
    target_compile_options(countersign_warnings INTERFACE -fstack-protector-strong)
    target_compile_definitions(countersign_warnings INTERFACE
      $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
    target_link_options(countersign_warnings INTERFACE -Wl,-z,relro,-z,now)
  endif()
endif()
