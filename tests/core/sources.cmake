# SPDX-License-Identifier: Apache-2.0
# One list for both builds of this suite: native (here) and WebAssembly (tests/wasm).
set(CORE_TEST_SOURCES)
foreach(name
    main
    vector_file
    base32.test)
  list(APPEND CORE_TEST_SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}.cpp)
endforeach()
