// SPDX-License-Identifier: Apache-2.0
// Security codes: made, read as typed, grouped for reading, stretched.
#include <emscripten/bind.h>

#include "countersign/code_stretch.h"
#include "countersign/security_codes.h"
#include "values.h"

namespace countersign::wasm {
namespace {

val make_security_code_js() { return secret_to_js(make_security_code()); }

val read_security_code_js(const val& typed) { return to_js(read_security_code(secret_from(typed).text())); }

val format_security_code_js(const val& code) { return to_js(format_security_code(secret_from(code).text())); }

val stretch_security_code_js(const val& code, const val& salt) {
    return to_js(stretch_security_code(secret_from(code).text(), secret_from(salt).bytes()));
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_security_codes) {
    emscripten::function("makeSecurityCode", &make_security_code_js);
    emscripten::function("readSecurityCode", &read_security_code_js);
    emscripten::function("formatSecurityCode", &format_security_code_js);
    emscripten::function("stretchSecurityCode", &stretch_security_code_js);
}

}  // namespace countersign::wasm
