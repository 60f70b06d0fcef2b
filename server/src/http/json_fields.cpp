// SPDX-License-Identifier: Apache-2.0
#include "http/json_fields.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace countersign::server {
namespace {

using nlohmann::json;

ServerError refusal(ServerErrorCode code, std::string detail) {
    return ServerError{.code = code, .detail = std::move(detail)};
}

// A field name comes from outside and ends in logs and on screens: a long one is not quoted, nor one that holds
// anything but printable ASCII, of which our own names are.
std::string told_name(std::string_view name) {
    constexpr std::size_t kLongest = 40;
    const bool plain = std::ranges::all_of(name, [](char c) { return c >= 0x20 && c <= 0x7e; });
    if (plain && name.size() <= kLongest) return std::string(name);
    return "a name of " + std::to_string(name.size()) + " bytes";
}

// Events of the parser, without a tree: the only copy of a value is the `Secret` it ends in.
class FieldReader final : public nlohmann::json_sax<json> {
  public:
    explicit FieldReader(std::span<JsonField> fields) : fields_(fields) {}

    Answer<void> outcome() const {
        if (error_) {
            return tl::unexpected(*error_);
        }
        for (const JsonField& field : fields_) {
            if (field.required && !field.value) {
                return tl::unexpected(
                    refusal(ServerErrorCode::RequestFieldMissing, std::string(field.name) + ": is missing"));
            }
        }
        return {};
    }

    bool null() override { return other_value(); }
    bool boolean(bool) override { return other_value(); }
    bool number_integer(number_integer_t value) override { return number(value); }
    bool number_unsigned(number_unsigned_t value) override {
        return std::in_range<std::int64_t>(value) ? number(static_cast<std::int64_t>(value)) : other_value();
    }
    bool number_float(number_float_t, const string_t& text) override {
        (void)text;
        return other_value();
    }
    bool binary(binary_t&) override { return other_value(); }
    bool start_array(std::size_t) override {
        if (!inside_ || in_list_ || in_row_ || !current_->list) return other_value();
        in_list_ = true;
        current_->value.emplace();
        return true;
    }
    bool end_array() override {
        in_list_ = false;
        return true;
    }
    bool end_object() override {
        in_row_ = false;
        return true;
    }

    bool start_object(std::size_t) override {
        if (!inside_) {
            inside_ = true;
            return true;
        }
        const bool row = !current_->members.empty() && !in_row_ && current_->list == in_list_;
        if (!row || current_->rows.size() == kMostInList) return other_value();
        in_row_ = true;
        current_->value.emplace();
        current_->rows.emplace_back(current_->members.size());
        return true;
    }

    bool key(string_t& name) override {
        if (in_row_) return member_key(name);
        for (JsonField& field : fields_) {
            if (field.name != name) {
                continue;
            }
            if (field.value) {
                return stop(ServerErrorCode::RequestFieldInvalid, name + ": given twice");
            }
            current_ = &field;
            return true;
        }
        return stop(ServerErrorCode::RequestFieldUnknown, told_name(name) + ": is not a field of this request");
    }

    bool string(string_t& value) override {
        if (!inside_) {
            return other_value();
        }
        Secret read{std::string_view(value)};
        wipe_memory(value.data(), value.size());  // the parser's own buffer
        if (in_row_) return !current_->members[member_].number ? keep_member(std::move(read)) : other_value();
        if (current_->list != in_list_ || current_->number || !current_->members.empty()) return other_value();
        if (in_list_ && current_->values.size() == kMostInList) return other_value();
        if (in_list_) current_->values.push_back(std::move(read));
        else current_->value = std::move(read);
        return true;
    }

    // The exception's text quotes what was read, which may be a code: only the position is told.
    bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
        return stop(ServerErrorCode::RequestMalformed, "the body is not JSON in UTF-8 from byte " +
                                                           std::to_string(position) + " on");
    }

  private:
    bool member_key(const string_t& name) {
        const auto found = std::ranges::find(current_->members, name, &JsonMember::name);
        const std::string path = std::string(current_->name) + ".";
        if (found == current_->members.end()) {
            return stop(ServerErrorCode::RequestFieldUnknown, path + told_name(name) + ": is not a field of this request");
        }
        member_ = static_cast<std::size_t>(found - current_->members.begin());
        if (!current_->rows.back()[member_]) return true;
        return stop(ServerErrorCode::RequestFieldInvalid, path + name + ": given twice");
    }

    bool keep_member(Secret read) {
        current_->rows.back()[member_] = std::move(read);
        return true;
    }

    bool number(std::int64_t value) {
        if (!inside_) return other_value();
        Secret read{std::string_view(std::to_string(value))};
        if (in_row_) return current_->members[member_].number ? keep_member(std::move(read)) : other_value();
        if (in_list_ || !current_->number) return other_value();
        current_->value = std::move(read);
        return true;
    }

    /// What the field, or the member of it, has to be.
    std::string_view wanted() const {
        if (in_row_) return current_->members[member_].number ? ": has to be a whole number" : ": has to be a string";
        if (!current_->members.empty()) {
            return current_->list ? ": has to be a list of at most 64 objects" : ": has to be an object";
        }
        if (current_->number) return ": has to be a whole number";
        return current_->list ? ": has to be a list of at most 64 strings" : ": has to be a string";
    }

    bool stop(ServerErrorCode code, std::string detail) {
        error_ = refusal(code, std::move(detail));
        return false;
    }

    bool other_value() {
        if (!inside_) {
            return stop(ServerErrorCode::RequestMalformed, "the body has to be one JSON object");
        }
        std::string path(current_->name);
        if (in_row_) path.append(1, '.').append(current_->members[member_].name);
        return stop(ServerErrorCode::RequestFieldInvalid, path.append(wanted()));
    }

    std::span<JsonField> fields_;
    JsonField* current_ = nullptr;  // set by the key, which comes before its value
    bool inside_ = false;
    bool in_list_ = false;
    bool in_row_ = false;
    std::size_t member_ = 0;  // set by the key, as well
    std::optional<ServerError> error_;
};

}  // namespace

std::int64_t read_number(const Secret& value) noexcept {
    std::int64_t number = 0;
    const std::string_view text = value.text();
    std::from_chars(text.data(), text.data() + text.size(), number);  // written by the reader itself
    return number;
}

Answer<void> read_json_fields(std::string& body, std::span<JsonField> fields) {
    FieldReader reader(fields);
    // The parser takes a NUL for the end of the text, and would not look at what follows.
    const bool ended_early = body.find('\0') != std::string::npos;
    const bool whole = !ended_early && json::sax_parse(body.begin(), body.end(), &reader);
    wipe_memory(body.data(), body.size());
    if (ended_early) return tl::unexpected(refusal(ServerErrorCode::RequestMalformed, "the body holds a NUL byte"));
    auto outcome = reader.outcome();
    if (!whole && outcome) {
        return tl::unexpected(refusal(ServerErrorCode::RequestMalformed, "the body is not JSON"));
    }
    return outcome;
}

}  // namespace countersign::server
