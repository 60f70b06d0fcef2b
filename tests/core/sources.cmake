# SPDX-License-Identifier: Apache-2.0
# One list for both builds of this suite: native (here) and WebAssembly (tests/wasm).
set(CORE_TEST_SOURCES)
foreach(name
    main
    vector_file
    qr_drawing
    audit_chain.test
    base32.test
    code_stretch.test
    error.test
    fold_code.test
    hmac.test
    hotp.test
    otpauth_uri.test
    qr.test
    qr_bitmap.test
    qr_segments.test
    qr_svg.test
    qr_terminal.test
    refusals.test
    sealed_box.test
    secret.test
    security_codes.test
    steam.test
    totp.test
    totp_resync.test)
  list(APPEND CORE_TEST_SOURCES ${CMAKE_CURRENT_LIST_DIR}/${name}.cpp)
endforeach()
