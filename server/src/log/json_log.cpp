// SPDX-License-Identifier: Apache-2.0
#include "log/json_log.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "log/json_text.h"

namespace countersign::server {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warning", "error"};

spdlog::level::level_enum spdlog_level(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::Debug: return spdlog::level::debug;
        case LogLevel::Info: return spdlog::level::info;
        case LogLevel::Warning: return spdlog::level::warn;
        case LogLevel::Error: break;
    }
    return spdlog::level::err;
}

std::string utc_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  static_cast<int>(milliseconds % 1000)));  // it has room for any time
    return text.data();
}

class JsonLog final : public LeveledLog {
  public:
    explicit JsonLog(LogLevel least)
        : logger_("countersign", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
        logger_.set_pattern("%v");
        logger_.set_level(spdlog_level(least));
        logger_.flush_on(spdlog::level::debug);
    }

    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override {
        if (!logger_.should_log(spdlog_level(level))) {
            return;
        }
        JsonText line;
        line.text("time", utc_now()).text("level", kLevelNames.at(static_cast<std::size_t>(level)));
        line.text("event", event);
        for (const auto& [key, value] : fields) {
            if (const auto* number = std::get_if<std::int64_t>(&value)) line.number(key, *number);
            if (const auto* text = std::get_if<std::string_view>(&value); text != nullptr && !text->empty()) line.text(key, *text);
            if (const auto* truth = std::get_if<bool>(&value)) line.boolean(key, *truth);
        }
        logger_.log(spdlog_level(level), spdlog::string_view_t(line.take()));
    }

    void set_least(LogLevel least) override { logger_.set_level(spdlog_level(least)); }

  private:
    spdlog::logger logger_;
};

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
        if (kLevelNames[i] == name) {
            return static_cast<LogLevel>(i);
        }
    }
    return std::nullopt;
}

std::shared_ptr<LeveledLog> make_json_log(LogLevel least) { return std::make_shared<JsonLog>(least); }

}  // namespace countersign::server
