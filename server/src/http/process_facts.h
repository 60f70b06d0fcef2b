// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace countersign::server {

/// What the system says of this process. NaN where it says nothing.
struct ProcessFacts {
    double cpu_seconds;
    double resident_bytes;
    double open_files;
    double open_files_limit;
};

[[nodiscard]] ProcessFacts read_process_facts();

}  // namespace countersign::server
