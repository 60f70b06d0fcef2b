// SPDX-License-Identifier: Apache-2.0
#include "cli/users_import_flags.h"

#include <array>
#include <istream>
#include <streambuf>

#include "app/import_csv.h"
#include "app/import_otpauth.h"
#include "cli/input.h"
#include "http/person_lines.h"

namespace countersign::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} * 1024 * 1024;

using server::ImportBatch;
using server::SeedFormat;

// Reads the wiped memory in place; a string stream would copy every seed.
class SecretBuffer final : public std::streambuf {
  public:
    explicit SecretBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // a get area is never written
        setg(begin, begin, begin + text.size());
    }
};

Checked<ImportBatch> read_csv(const Secret& content, SeedFormat format) {
    SecretBuffer buffer(content.text());
    std::istream stream(&buffer);
    auto batch = server::read_import_csv(stream, format);
    if (!batch) return fail(batch.error(), "users import");
    return std::move(*batch);
}

Checked<ImportBatch> read_otpauth(const Secret& content, SeedFormat) { return server::read_import_otpauth(content.text()); }
Checked<ImportBatch> read_lines(const Secret& content, SeedFormat) { return server::read_person_lines(content.text()); }

struct Source {
    InputFlags flags;
    Checked<ImportBatch> (*read)(const Secret& content, SeedFormat format);
};

constexpr std::array<Source, 3> kSources{{{{"--csv-stdin", "--csv-file", kMostBytes}, read_csv},
                                          {{"--otpauth-stdin", "--otpauth-file", kMostBytes}, read_otpauth},
                                          {{"--export-stdin", "--export-file", kMostBytes}, read_lines}}};

Checked<const Source*> find_source(const Arguments& arguments) {
    const Source* found = nullptr;
    for (const Source& source : kSources) {
        if (!arguments.has(source.flags.from_stdin) && !arguments.has(source.flags.from_file)) continue;
        if (found != nullptr) return fail(UsageCode::FlagConflict, "give one list: CSV, otpauth or export");
        found = &source;
    }
    if (found == nullptr) {
        return fail(UsageCode::FlagMissing, "--csv-file, --otpauth-file or --export-file is missing, or its -stdin form");
    }
    return found;
}

Checked<SeedFormat> read_format(const Arguments& arguments, bool csv) {
    if (!arguments.has("--secret-format")) return SeedFormat::Base32;
    if (!csv) return fail(UsageCode::FlagConflict, "--secret-format belongs to CSV; other lists have one form");
    const std::string format = arguments.text("--secret-format");
    if (format == "base32") return SeedFormat::Base32;
    if (format == "hex") return SeedFormat::Hex;
    if (format == "ascii") return SeedFormat::Ascii;
    return fail(UsageCode::ValueInvalid, "--secret-format is not usable; give base32, hex or ascii");
}

}  // namespace

std::vector<Flag> import_flags() {
    return {{"--csv-stdin", "", "Read CSV from standard input"},
            {"--csv-file", "FILE", "Read CSV from FILE"},
            {"--otpauth-stdin", "", "Read otpauth:// URIs, one a line, from standard input"},
            {"--otpauth-file", "FILE", "Read otpauth:// URIs, one a line, from FILE"},
            {"--export-stdin", "", "Read what `users export --with-seeds` wrote from standard input"},
            {"--export-file", "FILE", "Read what `users export --with-seeds` wrote from FILE"},
            {"--secret-format", "FORMAT", "Of the secrets in CSV: base32 (default), hex or ascii"},
            {"--existing", "WAY", "With a user who has an authenticator: refuse (default), skip or add"},
            {"--skip-bad", "", "Leave bad rows out, and name them, instead of refusing all"},
            {"--fresh", "", "No code was used elsewhere since the list was made: take those of this moment"},
            {"--preview", "", "Show each user with the code of this moment, and write nothing"}};
}

Checked<ImportBatch> read_batch(const Arguments& arguments) {
    const auto found = find_source(arguments);
    if (!found) return tl::unexpected(found.error());
    const Source& source = **found;
    const auto format = read_format(arguments, source.read == read_csv);
    if (!format) return tl::unexpected(format.error());
    const auto content = read_input(arguments, source.flags);
    if (!content) return tl::unexpected(content.error());
    return source.read(*content, *format);
}

Checked<server::ImportOptions> read_import_options(const Arguments& arguments) {
    server::ImportOptions options;
    options.skip_bad = arguments.has("--skip-bad");
    options.fresh = arguments.has("--fresh");
    const std::string existing = arguments.text("--existing", "refuse");
    if (existing == "skip") options.on_existing = server::OnExisting::Skip;
    else if (existing == "add") options.on_existing = server::OnExisting::Add;
    else if (existing != "refuse") {
        return fail(UsageCode::ValueInvalid, "--existing is not usable; give refuse, skip or add");
    }
    return options;
}

}  // namespace countersign::cli
