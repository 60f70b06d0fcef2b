// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "countersign/error.h"
#include "countersign/otpauth_uri.h"

// Reads tests/vectors/*.vec; their README describes the format.

/// What a question gave, by key, as the file would spell it.
using Answer = std::map<std::string, std::string>;

/// One case. Every key that a runner does not ask for is taken as part of the expected answer, so that no
/// line of a file can go unnoticed.
class VectorCase {
  public:
    std::string section;
    std::string title;
    int line = 0;
    Answer fields;

    [[nodiscard]] bool has(const std::string& key) const { return fields.count(key) != 0; }
    [[nodiscard]] std::string text(const std::string& key, const std::string& fallback = {}) const;
    [[nodiscard]] std::vector<std::uint8_t> bytes(const std::string& key) const;
    [[nodiscard]] std::int64_t number(const std::string& key, std::int64_t fallback) const;
    [[nodiscard]] Answer expected() const;

  private:
    mutable std::set<std::string> asked_;
};

using Runner = std::function<Answer(const VectorCase&)>;

/// Asks every case of a file its question and compares the answers, then prints
/// `file: cases run / cases in file` and fails when the two differ. The second is counted apart from
/// the parser, from the text.
void run_vectors(const std::string& file, const std::map<std::string, Runner>& runner_of_section);

[[nodiscard]] Answer error_answer(const countersign::Error& error);
[[nodiscard]] std::string to_hex(countersign::SecretView bytes);
[[nodiscard]] countersign::Algorithm algorithm_of(const VectorCase& vector);
[[nodiscard]] countersign::TotpParameters parameters_of(const VectorCase& vector);
