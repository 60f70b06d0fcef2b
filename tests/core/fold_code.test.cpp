// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "countersign/totp.h"
#include "vector_file.h"

using namespace countersign;

TEST_CASE("code_fold.vec: what people paste becomes the digits of it [R14b] [L4] [L31]", "[fold][vectors]") {
    run_vectors("code_fold.vec", {{"fold", [](const VectorCase& vector) -> Answer {
                                       return {{"Folded", std::string(fold_code(vector.text("Typed")).text())}};
                                   }}});
}

TEST_CASE("folding keeps bytes that are not UTF-8, so that they are refused [R14b]", "[fold]") {
    const std::string broken[] = {"\xff" "123456", "123456\xef\xbc", "\x80\x80", "12\xc0\xb1" "34",
                                  "\xed\xa0\x80" "1", "123\xe2\x80"};
    for (const std::string& text : broken) CHECK(fold_code(text).text() == text);
    CHECK(fold_code("1\xff 2").text() == "1\xff 2");
}

TEST_CASE("folding a second time changes nothing [R14b]", "[fold]") {
    const std::string typed = "\xef\xbc\x91 2-3\xc2\xa0\xd9\xa4\xff?";
    const Secret once = fold_code(typed);
    CHECK(fold_code(once.text()).text() == once.text());
    // Found by thinking of what fuzzing was told not to try: without the space, the bytes are a full-width 1.
    const std::string apart = "\xef \xbc\x91" "23456";
    CHECK(fold_code(fold_code(apart).text()).text() == fold_code(apart).text());
}
