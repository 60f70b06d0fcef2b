// SPDX-License-Identifier: Apache-2.0
// Codes of Steam Guard.
#include <emscripten/bind.h>

#include "countersign/steam.h"
#include "parameters.h"
#include "values.h"
#include "verdict.h"

namespace countersign::wasm {
namespace {

val generate_steam_js(const val& secret, double time) {
    return to_js(generate_steam(secret_from(secret).bytes(), time_from(time)));
}

val verify_steam_js(const val& secret, const val& code, double time, int past_steps, int future_steps,
                    bool has_last_used, double last_used) {
    const SteamVerifyOptions options{past_steps, future_steps, step_from(has_last_used, last_used)};
    return to_js(verify_steam(secret_from(secret).bytes(), secret_from(code).text(), time_from(time), options),
                 verdict_to_js);
}

}  // namespace

EMSCRIPTEN_BINDINGS(countersign_steam) {
    emscripten::function("generateSteam", &generate_steam_js);
    emscripten::function("verifySteam", &verify_steam_js);
}

}  // namespace countersign::wasm
