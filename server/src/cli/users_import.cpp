// SPDX-License-Identifier: Apache-2.0
#include <streambuf>
#include <istream>

#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/input.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr InputFlags kCsvFlags{"--csv-stdin", "--csv-file", std::size_t{256} * 1024 * 1024};

// Reads the wiped memory in place; a string stream would copy every seed.
class SecretBuffer final : public std::streambuf {
  public:
    explicit SecretBuffer(Secret& bytes) {
        char* begin = reinterpret_cast<char*>(bytes.writable().data());
        setg(begin, begin, begin + bytes.size());
    }
};

Checked<Printout> import(const Arguments& arguments) {
    auto csv = read_input(arguments, kCsvFlags);
    if (!csv) return tl::unexpected(csv.error());
    const auto administration = open_administration(arguments, true);
    if (!administration) return tl::unexpected(administration.error());

    SecretBuffer buffer(*csv);
    std::istream stream(&buffer);
    const std::string realm = realm_of(arguments);
    const auto report = (*administration)->import_users(realm, stream);
    if (!report) return fail(report.error(), "users import");
    return Printout{.text = "imported " + std::to_string(report->imported) + " users\n",
                    .json = server::JsonText().text("realm", realm).number("imported", report->imported).take()};
}

}  // namespace

Command users_import_command() {
    return {.name = "users import",
            .summary = "Take over users and their seeds from a CSV file, all or none",
            .details = "The first line is `user,secret[,algorithm[,digits[,period]]]`, each further line one user;\n"
                       "the secret is base32, 16 to 64 bytes. A user who has an active authenticator already is an\n"
                       "error, and nothing is imported.",
            .flags = {kDataFlag,
                      kMasterKeyFlag,
                      {"--csv-stdin", "", "Read the CSV from standard input"},
                      {"--csv-file", "FILE", "Read the CSV from FILE"},
                      kRealmFlag},
            .run = import};
}

}  // namespace countersign::cli
