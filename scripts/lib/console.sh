# SPDX-License-Identifier: Apache-2.0
# What every script of this folder says, and how: steps with times, one clear line on failure.
# Sourced, never run. Sets ROOT and moves there.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
export LC_ALL=C.UTF-8
PROGRAM=$(basename "$0")
STARTED_MS=$(date +%s%3N)

# seconds_since MS: "12.3", from a moment in milliseconds until now.
seconds_since() {
  local ms=$(($(date +%s%3N) - $1))
  printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

say() { printf '%s: %s\n' "$PROGRAM" "$*"; }

# die "what is wrong" "what to do about it"
die() {
  printf '%s: %s\n' "$PROGRAM" "$1" >&2
  [ -z "${2:-}" ] || printf '%s: remedy: %s\n' "$PROGRAM" "$2" >&2
  exit "${3:-1}"
}

# step "title" "remedy" command...: runs it into a log and tells the time it took. On failure shows the
# log's end and the remedy, and ends the script; so it is never called as `step ... || ...`, where the
# shell would ignore `set -e` inside. With SHOW=yes before it, the log is printed on success too.
step() {
  local title=$1 remedy=$2 log begun code
  shift 2
  log=$(mktemp)
  begun=$(date +%s%3N)
  printf '%s: %s ...\n' "$PROGRAM" "$title"
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null
  code=$?
  set -e
  if [ "$code" -ne 0 ]; then
    tail -n 25 "$log" | cut -c1-400 >&2
    rm -f "$log"
    die "failed after $(seconds_since "$begun") s: $title" "$remedy"
  fi
  [ "${SHOW:-no}" = no ] || cat "$log"
  rm -f "$log"
  printf '%s: %s: done (%s s)\n' "$PROGRAM" "$title" "$(seconds_since "$begun")"
}
