// SPDX-License-Identifier: Apache-2.0
#include "http/process_facts.h"

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace countersign::server {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t total = 0;
    std::int64_t resident = 0;
    if (!(file >> total >> resident)) return kUnknown;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
    std::error_code error;
    double count = -1;  // the one with which they are counted
    for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error)) ++count;
    return error ? kUnknown : count;
}

}  // namespace

ProcessFacts read_process_facts() {
    timespec cpu{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    rlimit files{};
    const bool limited = ::getrlimit(RLIMIT_NOFILE, &files) == 0;
    return {static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9, resident_bytes(), open_files(),
            limited ? static_cast<double>(files.rlim_cur) : kUnknown};
}

}  // namespace countersign::server
