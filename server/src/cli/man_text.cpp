// SPDX-License-Identifier: Apache-2.0
#include "cli/man_text.h"

#include "countersign/version.h"

namespace countersign::cli {
namespace {

std::string escaped(std::string_view text) {
    std::string all;
    for (const char symbol : text) {
        switch (symbol) {
            case '\\': all += "\\e"; break;
            case '-': all += "\\-"; break;
            case '\'': all += "\\(aq"; break;
            case '`': all += "\\(ga"; break;
            case '^': all += "\\(ha"; break;
            case '~': all += "\\(ti"; break;
            case '"': all += "\\(dq"; break;
            default: all += symbol;
        }
    }
    return all;
}

}  // namespace

ManText::ManText(std::string_view name, int section, std::string_view manual)
    : page_(".\\\" Made by `countersign man` from the tables that the program itself reads.\n") {
    page_.append(".TH \"").append(escaped(name)).append("\" ").append(std::to_string(section));
    page_.append(" \"\" \"countersign ").append(kVersion).append("\" \"").append(manual).append("\"\n");
}

ManText& ManText::section(std::string_view title) {
    page_.append(".SH \"").append(escaped(title)).append("\"\n");
    return *this;
}

ManText& ManText::subsection(std::string_view title) {
    page_.append(".SS \"").append(escaped(title)).append("\"\n");
    return *this;
}

ManText& ManText::paragraph(std::string_view text) {
    page_ += ".PP\n";
    return text_line(text);
}

ManText& ManText::lines(std::string_view text) {
    page_ += ".PP\n.nf\n";
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        text_line(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    page_ += ".fi\n";
    return *this;
}

ManText& ManText::item(std::string_view term, std::string_view value, std::string_view text) {
    page_.append(".TP\n\\fB").append(escaped(term)).append("\\fR");
    if (!value.empty()) page_.append(" \\fI").append(escaped(value)).append("\\fR");
    page_ += "\n";
    return text_line(text);
}

/// A point or an apostrophe at the front would be a request; the apostrophe is escaped already.
ManText& ManText::text_line(std::string_view text) {
    if (text.starts_with('.')) page_ += "\\&";
    page_.append(escaped(text)).append("\n");
    return *this;
}

}  // namespace countersign::cli
