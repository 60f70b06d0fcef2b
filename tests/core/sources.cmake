# SPDX-License-Identifier: Apache-2.0
# One list for both builds of this suite: native (here) and WebAssembly (tests/wasm).
set(CORE_TEST_SOURCES)
foreach(name
    main
    vector_file
    qr_drawing
    base32.test
    error.test
    fold_code.test
    hmac.test
    otpauth_uri.test
    qr.test
    qr_svg.test
    secret.test
    totp.test)
  list(APPEND CORE_TEST_SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}.cpp)
endforeach()
