// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "store/durable_file.h"
#include "temporary_directory.h"

using namespace countersign::server;
namespace fs = std::filesystem;

namespace {

std::string content(const std::string& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

long entries(const std::string& directory) {
    return std::distance(fs::directory_iterator(directory), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a copy is made where nobody else can lay a log beside it, and its directory goes with it [R20]") {
    const TemporaryDirectory directory;
    fs::permissions(directory.path(), fs::perms::all | fs::perms::sticky_bit);  // as /tmp
    const std::string place = directory.file("backup");
    {
        auto unfinished = UnfinishedFile::beside(place);
        REQUIRE(unfinished);
        const fs::path own = fs::path(unfinished->path()).parent_path();
        CHECK(own != fs::path(directory.path()));
        CHECK(fs::status(own).permissions() == fs::perms::owner_all);
        CHECK(fs::status(unfinished->path()).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        std::ofstream(unfinished->path()) << "whole";
        std::ofstream(unfinished->path() + "-wal") << "left";
        REQUIRE(unfinished->finish());
    }
    CHECK(content(place) == "whole");
    CHECK(entries(directory.path()) == 1);
    CHECK(UnfinishedFile::beside(directory.file("second")));
    CHECK(entries(directory.path()) == 1);
}

TEST_CASE("a copy takes the place of a store, which is kept aside whole [R17]") {
    const TemporaryDirectory directory;
    const std::string place = directory.file("store");
    std::ofstream(place) << "before";
    {
        auto unfinished = UnfinishedFile::beside(place).value();
        std::ofstream(unfinished.path()) << "after";
        CHECK_FALSE(unfinished.finish());  // never over what stands there
        CHECK(unfinished.exchange(directory.file("aside")).value() == directory.file("aside"));
    }
    CHECK(content(place) == "after");
    CHECK(content(directory.file("aside")) == "before");
    CHECK(entries(directory.path()) == 2);
    std::string stays;
    {
        auto unfinished = UnfinishedFile::beside(place).value();
        std::ofstream(unfinished.path()) << "third";
        stays = unfinished.exchange(directory.file("aside")).value();  // taken
        CHECK(stays == unfinished.path());
    }
    UnfinishedFile::remove_leftovers(place);
    CHECK(content(stays) == "after");
    CHECK(content(directory.file("aside")) == "before");
}

TEST_CASE("no backup is written where others may replace it [R20]") {
    const TemporaryDirectory directory;
    const auto is_refused = [&] {
        const auto made = UnfinishedFile::beside(directory.file("backup"));
        return !made && made.error().code == ServerErrorCode::BackupUnusable;
    };
    fs::permissions(directory.path(), fs::perms::all);
    CHECK(is_refused());
    fs::permissions(directory.path(), fs::perms::owner_all | fs::perms::group_all);
    CHECK(is_refused());
    fs::permissions(directory.path(), fs::perms::owner_all | fs::perms::group_read);
    if (::geteuid() == 0) {  // nobody but root gives away what is his
        REQUIRE(::chown(directory.path().c_str(), 65534, 0) == 0);
        CHECK(is_refused());
        REQUIRE(::chown(directory.path().c_str(), 0, 0) == 0);
    }
    CHECK(entries(directory.path()) == 0);
    CHECK_FALSE(is_refused());
}

TEST_CASE("what a process that was killed has left is removed, and nothing else [R20]") {
    const TemporaryDirectory directory;
    const std::string place = directory.file("backup");
    const auto leave = [&](const std::string& name) {
        const fs::path left = directory.file(name);
        fs::create_directory(left);
        fs::permissions(left, fs::perms::owner_all);
        std::ofstream(left / "copy") << "sealed";
        std::ofstream(left / "copy-wal") << "sealed";
        return left;
    };
    const fs::path dead = leave("backup.unfinished-aB3dE5");
    const fs::path of_yesterday = leave("backup-0101.unfinished-aB3dE5");
    const fs::path elsewhere = leave("elsewhere");
    const fs::path other_name = leave("backup.unfinished-aB3dE5-kept");
    const fs::path open_to_others = leave("backup.unfinished-aB3dE6");
    fs::permissions(open_to_others, fs::perms::owner_all | fs::perms::group_read);
    fs::create_directory_symlink(elsewhere, directory.file("backup.unfinished-aB3dE7"));
    const fs::path not_only_ours = leave("backup.unfinished-aB3dE8");
    std::ofstream(not_only_ours / "notes") << "mine";
    auto working = UnfinishedFile::beside(place);
    REQUIRE(working);

    UnfinishedFile::remove_leftovers(place);
    CHECK_FALSE(fs::exists(dead));
    CHECK(content(working->path()).empty());
    CHECK(fs::exists(working->path()));
    CHECK_FALSE(fs::exists(of_yesterday));
    CHECK(fs::exists(elsewhere / "copy"));
    CHECK(fs::exists(other_name / "copy"));
    CHECK(fs::exists(open_to_others / "copy"));
    CHECK(fs::is_symlink(directory.file("backup.unfinished-aB3dE7")));
    CHECK(content((not_only_ours / "notes").string()) == "mine");
    CHECK(fs::exists(not_only_ours / "copy"));
}
