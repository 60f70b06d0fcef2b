# SPDX-License-Identifier: Apache-2.0
# Everything that is not ours, by one alias each. Natively it is the distribution's; for WebAssembly
# the same releases' sources, unpacked and checked against their SHA-256 by scripts/setup.
set(COUNTERSIGN_DEPS ${PROJECT_SOURCE_DIR}/.deps CACHE PATH "Where scripts/setup unpacks pinned sources")

function(countersign_require_path path what)
  if(NOT EXISTS ${path})
    message(FATAL_ERROR "${what} is missing (${path}). Run scripts/setup, then build again.")
  endif()
endfunction()

if(EMSCRIPTEN)
  # The distribution's /usr/include would bring glibc's headers: link just what is header-only.
  set(headers ${PROJECT_BINARY_DIR}/host-headers)
  file(MAKE_DIRECTORY ${headers})
  foreach(name tl catch2)
    countersign_require_path(/usr/include/${name} "The header library ${name}")
    file(CREATE_LINK /usr/include/${name} ${headers}/${name} SYMBOLIC)
  endforeach()
  add_library(countersign_expected INTERFACE)
  target_include_directories(countersign_expected SYSTEM INTERFACE ${headers})

  set(SODIUM_SOURCE ${COUNTERSIGN_DEPS}/src/libsodium-1.0.18/src/libsodium)
  countersign_require_path(${SODIUM_SOURCE} "The source of libsodium 1.0.18")
  set(QRCODEGEN_SOURCE ${COUNTERSIGN_DEPS}/src/QR-Code-generator-1.8.0/c)
  countersign_require_path(${QRCODEGEN_SOURCE} "The source of qrcodegen 1.8.0")
  # wasm/sodium/CMakeLists.txt defines the target countersign_sodium from SODIUM_SOURCE.
  add_subdirectory(${PROJECT_SOURCE_DIR}/wasm/sodium ${PROJECT_BINARY_DIR}/sodium)
  add_library(countersign_qrcodegen STATIC ${QRCODEGEN_SOURCE}/qrcodegen.c)
  # A symbol takes about a millisecond either way; -O2 is 1.6 KB more after brotli.
  target_compile_options(countersign_qrcodegen PRIVATE -Oz)
  # Seen as <qrcodegen/qrcodegen.h>, as the distribution installs it.
  file(MAKE_DIRECTORY ${headers}/pinned)
  file(CREATE_LINK ${QRCODEGEN_SOURCE} ${headers}/pinned/qrcodegen SYMBOLIC)
  target_include_directories(countersign_qrcodegen SYSTEM INTERFACE ${headers}/pinned)
else()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
  add_library(countersign_sodium INTERFACE)
  target_link_libraries(countersign_sodium INTERFACE PkgConfig::SODIUM)

  find_package(tl-expected REQUIRED)
  add_library(countersign_expected INTERFACE)
  target_link_libraries(countersign_expected INTERFACE tl::expected)

  pkg_check_modules(QRCODEGEN REQUIRED IMPORTED_TARGET qrcodegen>=1.8)
  add_library(countersign_qrcodegen INTERFACE)
  target_link_libraries(countersign_qrcodegen INTERFACE PkgConfig::QRCODEGEN)

  pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng>=1.6)
  add_library(countersign_png INTERFACE)
  target_link_libraries(countersign_png INTERFACE PkgConfig::PNG)
endif()

if(COUNTERSIGN_BUILD_SERVER)
  find_package(SQLiteCpp REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(nlohmann_json 3.11 REQUIRED)
  find_package(Threads REQUIRED)
  find_package(OpenSSL 3.0 REQUIRED)
  pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc>=2.5)
  pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
  # Boost 1.81: headers only, unpacked beside the default Boost, which stays installed as it is.
  set(BOOST_HEADERS ${COUNTERSIGN_DEPS}/boost/usr/include)
  countersign_require_path(${BOOST_HEADERS}/boost/beast.hpp "Boost 1.81 (headers)")
  add_library(countersign_boost INTERFACE)
  target_include_directories(countersign_boost SYSTEM INTERFACE ${BOOST_HEADERS})
  if(COUNTERSIGN_SANITIZE)
    # A coroutine's frame is freed when it ends, or nothing would see it used after that. GCC 12 takes Asio's own
    # operator delete for one that does not fit its operator new.
    target_compile_definitions(countersign_boost INTERFACE
      BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
    target_compile_options(countersign_boost INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
  endif()
  if(COUNTERSIGN_SANITIZE MATCHES "thread")
    # Asio's fences, which ThreadSanitizer does not model; our own code has none.
    target_compile_options(countersign_boost INTERFACE -Wno-tsan)
  endif()
endif()

if(COUNTERSIGN_DEVELOPER_MODE AND NOT EMSCRIPTEN)
  find_package(Catch2 2.13 REQUIRED)
endif()
