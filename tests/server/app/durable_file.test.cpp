// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

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
    CHECK(content(stays) == "after");
    CHECK(content(directory.file("aside")) == "before");
}

TEST_CASE("no backup is written where anybody may replace it [R20]") {
    const TemporaryDirectory directory;
    fs::permissions(directory.path(), fs::perms::all);
    const auto refused = UnfinishedFile::beside(directory.file("backup"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ServerErrorCode::BackupUnusable);
    CHECK(entries(directory.path()) == 0);
}
