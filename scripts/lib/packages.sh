# SPDX-License-Identifier: Apache-2.0
# The distribution's packages, each with its reason. Sourced by scripts/setup.
# Names are Debian 12's; everything is installed without recommendations, nothing is ever removed.

PACKAGES=(
  # to fetch and unpack
  ca-certificates       # registries are reached by TLS
  xz-utils              # unpacks .deb data and source archives
  # to build natively
  g++                   # C++20 compiler, with the sanitizers' runtimes
  cmake                 # 3.25, presets
  ninja-build           # the generator of every preset
  pkg-config            # finds libsodium and qrcodegen
  libsodium-dev         # XChaCha20-Poly1305, BLAKE2b, key derivation, wiping
  libqrcodegen-dev      # QR matrix, C edition 1.8
  libpng-dev            # PNG pictures of QR codes; its memory can be given, and so wiped
  libexpected-dev       # tl::expected, the results of the core
  nlohmann-json3-dev    # JSON of the server and the command line
  libsqlite3-dev        # the default store
  libsqlitecpp-dev      # its C++ wrapper
  libspdlog-dev         # JSON-lines log
  prometheus-cpp-dev    # metrics; its core alone is linked
  libcli11-dev          # command line
  libutf8proc-dev       # Unicode folding of answers to security questions
  libcurl4-openssl-dev  # SMTP
  libssl-dev            # TLS of the listener
  libtomlplusplus-dev   # the configuration file
  catch2                # C++ tests, 2.13
  # to build for WebAssembly
  emscripten            # 3.1.6; brings clang, lld, binaryen and a node of its own
  # to analyze; emscripten brings the compiler, but not its runtimes
  clang-14              # counts what the tests run, the second compiler
  libclang-rt-14-dev    # clang's runtimes: counting, sanitizers, libFuzzer
  llvm-14               # reads the counts
  clang-tidy            # suite lint
  cppcheck              # suite lint
  # to test and to demonstrate
  chromium              # the browser of the demo's check, the browser suite, the contact sheet
  fonts-dejavu-core     # a sans and a mono face for Chromium
  fonts-noto-core       # Arabic and Hebrew faces, for right-to-left pictures
  oathtool              # an independent maker of codes
  zbar-tools            # an independent QR reader
  qrencode              # an independent QR maker
  libfaketime           # time in black-box tests; no switch of the product changes its clock
  faketime              # its command
  wrk                   # the load of scripts/bench
  python3-aiosmtpd      # a real mail server for the tests of mail
  openssl               # its certificate
  testssl.sh            # what the listener offers by TLS, judged by somebody else
  logrotate             # reads the example of its configuration
  groff-base            # shows the manual pages, and warns
  zsh                   # reads the completion made for it
  fish                  # the same
  procps                # ps and kill by id in the tests of crashes
  valgrind              # follows secrets through the core: the suite constant-time
  patch                 # plants the bugs of tests/mutants
  # to pack and to judge the package
  dpkg-dev              # reads from the binary what the .deb depends on
  systemd               # systemd-analyze, offline: the unit and its sandbox; it is not started
  python3-seccomp       # the server under the unit's own filter of system calls
)

# The distribution's npm, only to bring the pinned node and npm, only where no npm is.
BOOTSTRAP_NPM=(npm)

# missing_packages NAME...: those not installed, one a line.
missing_packages() {
  local name
  declare -A installed=()
  while read -r name; do installed[${name%%:*}]=1; done < <(
    dpkg-query -W -f '${db:Status-Abbrev}${binary:Package}\n' 2>/dev/null | sed -n 's/^ii //p')
  for name in "$@"; do [ -n "${installed[$name]:-}" ] || printf '%s\n' "$name"; done
}
