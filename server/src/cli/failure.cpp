// SPDX-License-Identifier: Apache-2.0
#include "cli/failure.h"

#include <utility>

namespace countersign::cli {
namespace {

using server::ServerErrorCode;

// 1 for what the same command may not meet a minute later, 2 for what has to be asked differently.
int exit_code_of(ServerErrorCode code) noexcept {
    switch (code) {
        case ServerErrorCode::DataDirectoryLocked:
        case ServerErrorCode::DataVersionNewer:
        case ServerErrorCode::DataStoreFailed:
        case ServerErrorCode::ServerUnavailable:
        case ServerErrorCode::ClockUnreliable: return kExitNo;
        default: return kExitUsage;
    }
}

int exit_code_of(UsageCode code) noexcept {
    return code == UsageCode::OutputFailed || code == UsageCode::ListenFailed ? kExitNo : kExitUsage;
}

}  // namespace

std::string_view usage_code_name(UsageCode code) noexcept {
    switch (code) {
        case UsageCode::CommandMissing: return "cli.command_missing";
        case UsageCode::CommandUnknown: return "cli.command_unknown";
        case UsageCode::FlagUnknown: return "cli.flag_unknown";
        case UsageCode::FlagMissing: return "cli.flag_missing";
        case UsageCode::FlagRepeated: return "cli.flag_repeated";
        case UsageCode::FlagConflict: return "cli.flag_conflict";
        case UsageCode::ValueMissing: return "cli.value_missing";
        case UsageCode::ValueInvalid: return "cli.value_invalid";
        case UsageCode::ArgumentUnexpected: return "cli.argument_unexpected";
        case UsageCode::FileUnreadable: return "cli.file_unreadable";
        case UsageCode::FileNotWritten: return "cli.file_not_written";
        case UsageCode::InputTooLong: return "cli.input_too_long";
        case UsageCode::HexMalformed: return "cli.hex_malformed";
        case UsageCode::OutputFailed: return "cli.output_failed";
        case UsageCode::ListenFailed: return "listen.failed";
        case UsageCode::ListenInsecure: return "listen.insecure";
        case UsageCode::ConfigUnreadable: return "config.file_unreadable";
        case UsageCode::ConfigUnsafe: return "config.file_unsafe";
        case UsageCode::ConfigMalformed: return "config.malformed";
        case UsageCode::ConfigKeyUnknown: return "config.key_unknown";
        case UsageCode::ConfigValueType: return "config.value_type";
        case UsageCode::ConfigVariableUnknown: return "config.variable_unknown";
    }
    return "cli.value_invalid";
}

tl::unexpected<Failure> fail(UsageCode code, std::string message) {
    return tl::unexpected(Failure{std::string(usage_code_name(code)), std::move(message), exit_code_of(code)});
}

tl::unexpected<Failure> fail(const Error& error, std::string_view where) {
    return tl::unexpected(Failure{std::string(error_name(error.code)),
                                  std::string(where) + ": " + std::string(error_sentence(error.code)), kExitUsage});
}

tl::unexpected<Failure> fail(const server::ServerError& error, std::string_view where) {
    std::string message = std::string(where) + ": ";
    if (!error.detail.empty()) {
        message += error.detail + ". ";
    }
    message += server_error_sentence(error.code);
    return tl::unexpected(
        Failure{std::string(server_error_name(error.code)), std::move(message), exit_code_of(error.code)});
}

}  // namespace countersign::cli
