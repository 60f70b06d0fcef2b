// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/commands.h"
#include "cli/new_file.h"
#include "cli/users_flags.h"
#include "http/person_lines.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kAtATime = 500;

/// Writes users one after the other; what went wrong ends it.
class Export {
  public:
    Export(const server::People& people, NewFile& file, bool with_seeds)
        : people_(people), file_(file), with_seeds_(with_seeds) {}

    [[nodiscard]] Checked<void> write(const server::Person& person) {
        std::vector<server::OpenedSeed> seeds;
        if (with_seeds_) {
            auto opened = people_.open_seeds(person);
            if (!opened) return fail(opened.error(), "users export");
            seeds = std::move(*opened);
        }
        const auto form = with_seeds_ ? server::AddressForm::Full : server::AddressForm::Masked;
        std::string line = server::write_person_line(people_, person, seeds, form);
        auto written = file_.write(line);
        wipe_memory(line.data(), line.size());
        if (written) ++users_;
        return written;
    }
    [[nodiscard]] std::int64_t users() const noexcept { return users_; }

  private:
    const server::People& people_;
    NewFile& file_;
    bool with_seeds_;
    std::int64_t users_ = 0;
};

Checked<void> export_all(server::People& people, const std::string& realm, Export& out) {
    for (std::string after;;) {
        const auto page = people.list(realm, after, kAtATime);
        if (!page) return fail(page.error(), "users export");
        for (const server::Person& person : *page) {
            if (auto written = out.write(person); !written) return written;
        }
        if (page->empty()) return {};
        after = page->back().user;
    }
}

Checked<void> export_one(server::People& people, const std::string& realm, const std::string& user, Export& out) {
    const auto person = people.find(realm, user);
    if (!person) return fail(person.error(), "users export");
    return out.write(*person);
}

Checked<Printout> export_users(const Arguments& arguments) {
    const bool with_seeds = arguments.has("--with-seeds");
    const auto people = open_people(arguments, with_seeds ? KeyNeed::Always : KeyNeed::IfGiven);
    if (!people) return tl::unexpected(people.error());
    const std::string realm = realm_of(arguments);
    const std::string user = arguments.text("--user");
    if (arguments.has("--user")) {
        if (const auto known = (*people)->find(realm, user); !known) return fail(known.error(), "users export");
    }
    auto file = NewFile::create(arguments.text("--out"));
    if (!file) return tl::unexpected(file.error());
    // Told before it happens: nobody takes seeds out unseen because his command was killed.
    if (const auto noted = (*people)->note_export(realm, user, with_seeds); !noted) return fail(noted.error(), "users export");
    Export out(**people, *file, with_seeds);
    auto written = arguments.has("--user") ? export_one(**people, realm, user, out) : export_all(**people, realm, out);
    if (written) written = file->keep();
    if (!written) return tl::unexpected(written.error());
    return Printout{.text = "wrote " + std::to_string(out.users()) + " users to " + file->path() + "\n",
                    .json = server::JsonText()
                                .text("realm", realm)
                                .number("users", out.users())
                                .boolean("with_seeds", with_seeds)
                                .text("file", file->path())
                                .take()};
}

}  // namespace

Command users_export_command() {
    return {.name = "users export",
            .summary = "Write users to a file, one line of JSON each",
            .details = "The file has mode 0600 and is never one that exists. Without --with-seeds there is no secret in it, and\n"
                       "addresses are masked (and left out without the master key). With it, `users import` takes it: guard it as\n"
                       "the store itself, and delete it. Each export is noted in the audit log.\n"
                       "Example: countersign users export --data data --out users.jsonl",
            .flags = {kDataFlag,
                      {"--out", "FILE", "Where to write; never overwritten", true},
                      {"--user", "ID", "This user alone (default: all of the realm)"},
                      {"--with-seeds", "", "With the seeds and addresses in clear; needs the master key"},
                      kMasterKeyFlag,
                      kPreviousKeyFlag,
                      kGuardFlag,
                      kRealmFlag},
            .run = export_users};
}

}  // namespace countersign::cli
