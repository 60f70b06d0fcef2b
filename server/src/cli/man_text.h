// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace countersign::cli {

/// A page in the macros of man(7), line by line. Text means itself: what roff would read in it is escaped.
class ManText {
  public:
    ManText(std::string_view name, int section, std::string_view manual);

    ManText& section(std::string_view title);
    ManText& subsection(std::string_view title);
    ManText& paragraph(std::string_view text);
    /// Lines as they stand, such as an example.
    ManText& lines(std::string_view text);
    /// A term in bold with what it takes in italics, and what it means below.
    ManText& item(std::string_view term, std::string_view value, std::string_view text);
    [[nodiscard]] std::string take() { return std::move(page_); }

  private:
    ManText& text_line(std::string_view text);
    std::string page_;
};

}  // namespace countersign::cli
