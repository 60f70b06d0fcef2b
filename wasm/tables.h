// SPDX-License-Identifier: Apache-2.0
// Tables of names and sentences, for every module.
#pragma once

#include "values.h"

namespace countersign::wasm {

template <class Name, class Sentence>
val table_of(int count, Name name, Sentence sentence) {
    val rows = val::array();
    for (int i = 0; i < count; ++i) {
        val row = val::object();
        row.set("name", text_to_js(name(i)));
        row.set("sentence", text_to_js(sentence(i)));
        rows.call<void>("push", row);
    }
    return rows;
}

inline val errors() {
    return table_of(
        kErrorCodeCount, [](int i) { return error_name(static_cast<ErrorCode>(i)); },
        [](int i) { return error_sentence(static_cast<ErrorCode>(i)); });
}

}  // namespace countersign::wasm
