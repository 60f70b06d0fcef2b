# SPDX-License-Identifier: Apache-2.0
# The tools the project pins come first on the path. Sourced after console.sh.

export PATH="$ROOT/.deps/node/bin:$PATH"
export COUNTERSIGN_BUILD="${COUNTERSIGN_BUILD:-$ROOT/build}"
export COUNTERSIGN_RESULTS="${COUNTERSIGN_RESULTS:-$COUNTERSIGN_BUILD/test-results}"
# npm's own chatter, and what it would ask of a registry unbidden.
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
JOBS=${COUNTERSIGN_JOBS:-$(nproc)}
