// SPDX-License-Identifier: Apache-2.0
// The only file that includes toml++.
#include "cli/toml_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace countersign::cli {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;

class OpenFile {
  public:
    /// Without waiting: a pipe is told as one, not waited for.
    explicit OpenFile(const std::string& path) noexcept : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

tl::unexpected<Failure> unreadable(const std::string& path, const std::string& why) {
    return fail(UsageCode::ConfigUnreadable, path + " cannot be read: " + why);
}

/// Whoever can write the file decides where the master key is read and where mail goes.
Checked<void> check_writers(const OpenFile& file, const std::string& path) {
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return unreadable(path, std::strerror(errno));
    if (!S_ISREG(about.st_mode)) return unreadable(path, "it is no file");
    if (about.st_uid != 0 && about.st_uid != ::geteuid()) {
        return fail(UsageCode::ConfigUnsafe, path + " belongs to another user (" + std::to_string(about.st_uid) +
                                                 "); it has to belong to root or to the user that runs this");
    }
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fail(UsageCode::ConfigUnsafe, path + " may be written by others; run `chmod go-w " + path + "`");
    }
    return {};
}

Checked<std::string> read_checked(const std::string& path) {
    const OpenFile file(path);
    if (file.get() < 0) return unreadable(path, std::strerror(errno));
    if (auto safe = check_writers(file, path); !safe) return tl::unexpected(safe.error());
    std::string text;
    std::array<char, 4096> part{};
    while (true) {
        const ssize_t got = ::read(file.get(), part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, std::strerror(errno));
        if (got == 0) return text;
        text.append(part.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxFileBytes) return unreadable(path, "it is longer than 65536 bytes");
    }
}

std::string key_part(std::string_view part) {
    const bool bare = !part.empty() && std::ranges::all_of(part, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    return bare ? std::string(part) : std::string("\"").append(part).append("\"");
}

std::optional<std::vector<std::string>> texts_of(const toml::array& array) {
    std::vector<std::string> texts;
    for (const toml::node& element : array) {
        const auto* text = element.as_string();
        if (text == nullptr) return std::nullopt;
        texts.push_back(text->get());
    }
    return texts;
}

TomlValue value_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* truth = node.as_boolean()) return truth->get();
    if (const auto* array = node.as_array()) {
        if (auto texts = texts_of(*array)) return std::move(*texts);
    }
    if (node.is_table()) return EmptyTable{};
    return OtherToml{};
}

void collect(const toml::table& table, const std::string& prefix, std::vector<TomlEntry>& entries) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + key_part(key.str());
        const auto* below = node.as_table();
        if (below != nullptr && !below->empty()) {
            collect(*below, name + ".", entries);
        } else {
            entries.push_back({name, static_cast<std::int64_t>(key.source().begin.line), value_of(node)});
        }
    }
}

/// The number of the line in which the file has come to more dots than settings ever need: a key may be made of them, and
/// the reader goes one call deeper for each.
std::optional<std::int64_t> find_too_many_dots(std::string_view text) {
    constexpr std::int64_t kMostDots = 5000;
    std::int64_t dots = 0;
    std::int64_t line = 1;
    for (const char symbol : text) {
        if (symbol == '\n') ++line;
        if (symbol == '.' && ++dots > kMostDots) return line;
    }
    return std::nullopt;
}

/// The reader's own description may quote the file.
tl::unexpected<Failure> malformed(const std::string& path, std::int64_t line) {
    return fail(UsageCode::ConfigMalformed,
                path + ":" + std::to_string(line) +
                    ": this line cannot be read as TOML; write KEY = VALUE with text in quotes, each key once");
}

}  // namespace

Checked<std::vector<TomlEntry>> read_toml_file(const std::string& path) {
    const auto text = read_checked(path);
    if (!text) return tl::unexpected(text.error());
    if (const auto line = find_too_many_dots(*text)) return malformed(path, *line);
    const toml::parse_result parsed = toml::parse(std::string_view(*text));
    if (!parsed) return malformed(path, static_cast<std::int64_t>(parsed.error().source().begin.line));
    std::vector<TomlEntry> entries;
    collect(parsed.table(), "", entries);
    std::ranges::stable_sort(entries, {}, &TomlEntry::line);
    return entries;
}

}  // namespace countersign::cli
