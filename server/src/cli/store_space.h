// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/metrics.h"

namespace countersign::cli {

/// Has the metrics tell how much the store takes and how much its disk has left.
void watch_store_space(server::Metrics& metrics, const std::string& data_directory);

}  // namespace countersign::cli
