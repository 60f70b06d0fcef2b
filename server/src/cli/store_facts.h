// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/metrics.h"

namespace countersign::cli {

/// Has the metrics tell how much the store takes, how much its disk has left, and when it was backed up last.
void watch_store(server::Metrics& metrics, const std::string& data_directory);

}  // namespace countersign::cli
