// SPDX-License-Identifier: Apache-2.0
#include "mail/mail_template.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <system_error>

#include "mail/embedded_templates.h"

namespace countersign::server {
namespace {

constexpr std::size_t kMaxTemplateBytes = 64 * 1024;
constexpr std::string_view kSubject = "Subject: ";
constexpr std::string_view kLayout = "layout.html";

using ValueNames = std::initializer_list<std::string_view>;

/// What a text of this kind may name.
const std::array<ValueNames, kMailKindCount>& allowed_values() {
    static const std::array<ValueNames, kMailKindCount> all{{
        {"issuer", "code", "minutes"},
        {"issuer", "time", "method"},
        {"issuer", "time", "method"},
        {"issuer", "time", "usable_from"},
        {"issuer", "time", "remaining"},
        {"issuer", "time", "until"},
        {"issuer", "time", "method"},
        {"issuer", "time", "method"},
        {"issuer", "method", "failures"},
        {"issuer", "time", "method"},
        {"issuer", "time", "method"},
    }};
    return all;
}

using Fault = tl::unexpected<std::string>;

/// The operator's file where there is one, ours otherwise. Nothing: neither.
tl::expected<std::optional<std::string>, std::string> read_template(const std::string& folder, const std::string& name) {
    if (!folder.empty()) {
        std::ifstream file(folder + "/" + name, std::ios::binary);
        if (file) {
            std::string body(kMaxTemplateBytes + 1, '\0');
            file.read(body.data(), static_cast<std::streamsize>(body.size()));
            if (file.bad()) return Fault(name + " cannot be read");
            if (static_cast<std::size_t>(file.gcount()) > kMaxTemplateBytes) return Fault(name + " is over 64 KiB");
            body.resize(static_cast<std::size_t>(file.gcount()));
            std::erase(body, '\r');
            return body;
        }
    }
    const std::string_view ours = embedded_mail_template(name);
    if (ours.empty()) return std::nullopt;
    return std::string(ours);
}

/// Calls `text` with what stands between placeholders, and `value` with the name of each.
template <class Text, class Value>
void walk(std::string_view body, Text text, Value value) {
    for (;;) {
        const std::size_t open = body.find("{{");
        const std::size_t close = open == std::string_view::npos ? open : body.find("}}", open);
        if (close == std::string_view::npos) return text(body);
        text(body.substr(0, open));
        value(body.substr(open + 2, close - open - 2));
        body.remove_prefix(close + 2);
    }
}

template <class Names>
std::optional<std::string> unknown_name(std::string_view body, const Names& names) {
    std::optional<std::string> unknown;
    walk(body, [](std::string_view) {}, [&](std::string_view name) {
        if (std::ranges::find(names, name) == std::ranges::end(names)) unknown = std::string(name);
    });
    return unknown;
}

std::string_view value_of(std::span<const MailValue> values, std::string_view name) {
    const auto found = std::ranges::find(values, name, &MailValue::name);
    return found == values.end() ? std::string_view{} : found->value;
}

void append_escaped(std::string& html, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': html += "&amp;"; break;
            case '<': html += "&lt;"; break;
            case '>': html += "&gt;"; break;
            case '"': html += "&quot;"; break;
            case '\'': html += "&#39;"; break;
            default: html += c;
        }
    }
}

/// Room enough from the start: a text that grows would leave copies of a code behind.
std::string with_room(std::string_view body, std::span<const MailValue> values, std::size_t factor) {
    std::size_t size = body.size();
    for (const MailValue& value : values) size += 8 * value.value.size();
    std::string text;
    text.reserve(factor * size + 1024);
    return text;
}

std::string fill_text(std::string_view body, std::span<const MailValue> values) {
    std::string filled = with_room(body, values, 1);
    walk(body, [&](std::string_view text) { filled += text; },
         [&](std::string_view name) { filled += value_of(values, name); });
    return filled;
}

std::string fill_html(std::string_view body, std::span<const MailValue> values) {
    std::string filled = with_room(body, values, 6);
    walk(body, [&](std::string_view text) { filled += text; },
         [&](std::string_view name) { append_escaped(filled, value_of(values, name)); });
    return filled;
}

/// A paragraph that is nothing but the code stands large and alone, to be read from afar and copied whole.
std::string make_paragraphs(std::string_view body, std::span<const MailValue> values) {
    std::string html = with_room(body, values, 6);
    while (!body.empty()) {
        const std::size_t end = std::min(body.find("\n\n"), body.size());
        std::string_view paragraph = body.substr(0, end);
        body.remove_prefix(std::min(body.size(), end + 2));
        while (paragraph.ends_with('\n')) paragraph.remove_suffix(1);
        if (paragraph.empty()) continue;
        html += paragraph == "{{code}}" ? "<p style=\"font:600 32px/1.2 ui-monospace,monospace;letter-spacing:.1em\">" : "<p>";
        walk(paragraph, [&](std::string_view text) { append_escaped(html, text); },
             [&](std::string_view name) { append_escaped(html, value_of(values, name)); });
        html += "</p>\n";
    }
    return html;
}

void wipe(std::string& text) noexcept { wipe_memory(text.data(), text.size()); }

Secret take(std::string text) {
    Secret secret(std::string_view{text});
    wipe(text);
    return secret;
}

}  // namespace

tl::expected<MailTemplates, std::string> MailTemplates::load(const std::string& folder) {
    MailTemplates loaded;
    std::error_code ignored;
    if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) return Fault(folder + " is no folder");
    auto layout = read_template(folder, std::string(kLayout));
    if (!layout) return Fault(layout.error());
    loaded.layout_ = std::move(**layout);
    if (const auto unknown = unknown_name(loaded.layout_, std::array<std::string_view, 2>{"subject", "paragraphs"})) {
        return Fault("layout.html has an unknown {{" + *unknown + "}}");
    }
    for (std::size_t i = 0; i < kMailKindCount; ++i) {
        const ValueNames& values = allowed_values()[i];
        Template& made = loaded.templates_[i];
        const std::string name(mail_kind_name(static_cast<MailKind>(i)));
        auto text = read_template(folder, name + ".txt");
        auto html = read_template(folder, name + ".html");
        if (!text) return Fault(text.error());
        if (!html) return Fault(html.error());
        const std::string& whole = **text;
        const std::size_t end = whole.find('\n');
        if (!whole.starts_with(kSubject) || end == std::string::npos) return Fault(name + ".txt does not begin with Subject:");
        made.subject = whole.substr(kSubject.size(), end - kSubject.size());
        made.text = whole.substr(std::min(whole.find_first_not_of('\n', end), whole.size()));
        made.html = html->value_or("");
        if (made.subject.find("{{code}}") != std::string::npos) {
            return Fault(name + ".txt has the code in its subject, which phones show while they are locked");
        }
        if (const auto unknown = unknown_name(whole, values)) return Fault(name + ".txt has an unknown {{" + *unknown + "}}");
        if (const auto unknown = unknown_name(made.html, values)) return Fault(name + ".html has an unknown {{" + *unknown + "}}");
    }
    return loaded;
}

MailTexts MailTemplates::fill(MailKind kind, std::span<const MailValue> values) const {
    const Template& source = templates_[static_cast<std::size_t>(kind)];
    MailTexts texts{fill_text(source.subject, values), take(fill_text(source.text, values)), {}};
    if (!source.html.empty()) {
        texts.html = take(fill_html(source.html, values));
        return texts;
    }
    std::string paragraphs = make_paragraphs(source.text, values);
    std::string html = with_room(paragraphs, {}, 2);
    html.reserve(html.capacity() + layout_.size());
    walk(layout_, [&](std::string_view text) { html += text; }, [&](std::string_view name) {
        if (name == "subject") append_escaped(html, texts.subject);
        else html += paragraphs;
    });
    wipe(paragraphs);
    texts.html = take(std::move(html));
    return texts;
}

}  // namespace countersign::server
