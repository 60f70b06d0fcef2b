#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Inside a bare Debian, as root: one package after the other installed, upgraded, removed, purged, with a server of each
# at work on real data. Prints a line for each thing that holds and ends at the first that does not.
#
#   package_drill.sh FOLDER   with the two packages, the older first by name
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
mapfile -t packages < <(printf '%s\n' "$1"/countersign_*.deb | sort -V)
config=/etc/countersign
data=/var/lib/countersign
server=""

holds() {  # WHAT COMMAND...
  local what=$1
  shift
  if "$@" >/tmp/drill.out 2>&1; then echo "holds: $what"; else
    echo "does not hold: $what: $*" >&2
    cat /tmp/drill.out >&2
    exit 1
  fi
}
fails() { ! "$@"; }
is() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }; }
mode() { stat -c '%a %U:%G' "$1"; }
as_user() { setpriv --reuid=countersign --regid=countersign --clear-groups -- "$@"; }
apt() { apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }

# What the unit does, by hand: no systemd runs here.
start() {
  # Not by as_user: a function in the background is a shell of its own, and that would get the signal.
  setpriv --reuid=countersign --regid=countersign --clear-groups -- countersign serve --config "$config/countersign.toml" 2>/tmp/server.log &
  server=$!
  for _ in $(seq 100); do
    grep -q '"server.listening"' /tmp/server.log && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat /tmp/server.log
  return 1
}
stop() { kill -TERM "$server" && wait "$server"; }
ask() {  # PATH: the status line
  exec 3<>/dev/tcp/127.0.0.1/4800
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
  local line
  read -r line <&3
  exec 3>&-
  echo "$line"
}
serves() { is "$(ask /readyz | tr -d '\r')" "HTTP/1.1 200 OK"; }
audit_verify() { as_user countersign audit verify --config $config/countersign.toml --json "$@"; }

# --- installed ---------------------------------------------------------------------------------------
apt update >/dev/null
holds "it installs with what it depends on" apt install "${packages[0]}"
cp /tmp/drill.out /tmp/install.out
holds "it says what to do next" grep -q 'systemctl enable --now countersign' /tmp/install.out
holds "it says that it made a key" grep -q "made the master key $config/master.key" /tmp/install.out
holds "nothing of it runs" fails pidof countersign
holds "its user may not log in" is "$(getent passwd countersign | cut -d: -f6,7)" "$data:/usr/sbin/nologin"
holds "the user has no password" is "$(getent shadow countersign | cut -d: -f2 | cut -c1)" "!"
holds "the store's folder is its own" is "$(mode $data)" "700 countersign:countersign"
holds "the guard's folder is its own" is "$(mode /var/lib/countersign-guard)" "700 countersign:countersign"
holds "the configuration is read by root and the server" is "$(mode $config)" "750 root:countersign"
holds "the key is the server's alone" is "$(mode $config/master.key)" "400 countersign:countersign"
holds "the key has 32 bytes" is "$(stat -c %s $config/master.key)" 32
holds "another user cannot reach it" fails setpriv --reuid=nobody --regid=nogroup --clear-groups cat $config/master.key
holds "every file is as it was packed" bash -c 'dpkg --verify countersign | tee /dev/stderr | [ -z "$(cat)" ]'
key=$(sha256sum <$config/master.key)

# --- at work -----------------------------------------------------------------------------------------
holds "a server starts as that user" start
holds "it serves" serves
token=$(as_user countersign app-key create --config $config/countersign.toml --name drill)
holds "a command beside it makes an application key" grep -q cs_app_ <<<"$token"
echo "user,secret
ann@example.org,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" >/tmp/people.csv
holds "a command beside it imports a person" as_user countersign users import --config $config/countersign.toml --csv-file /tmp/people.csv
holds "it stops cleanly" stop
checkpoint=$(audit_verify | grep -o 'cs-checkpoint-1[^"]*')
sed -i 's/^#log_level = .*/log_level = "warning"/' $config/countersign.toml

# --- upgraded ----------------------------------------------------------------------------------------
holds "it upgrades without a question about the changed configuration" apt install "${packages[1]}"
holds "the newer version is there" is "$(dpkg-query -W -f '${Version}' countersign)" "$(dpkg-deb -f "${packages[1]}" Version)"
holds "the key is the same" is "$(sha256sum <$config/master.key)" "$key"
holds "the operator's change stands" grep -q '^log_level = "warning"' $config/countersign.toml
sed -i 's/^log_level = .*/log_level = "info"/' $config/countersign.toml
holds "a server of the newer version opens the store" start
holds "it serves" serves
holds "it stops cleanly" stop
holds "the audit log extends what it was" audit_verify --since "$checkpoint"

# --- removed and installed again ---------------------------------------------------------------------
holds "it is removed" apt remove countersign
holds "no program is left" fails test -e /usr/bin/countersign
holds "the store is left" test -s $data/countersign.sqlite
holds "the key is left" is "$(sha256sum <$config/master.key)" "$key"
holds "it installs again" apt install "${packages[1]}"
holds "with the same key" is "$(sha256sum <$config/master.key)" "$key"
holds "a server opens the store" start
holds "it stops cleanly" stop

# --- a store whose key is gone ------------------------------------------------------------------------
mv $config/master.key /tmp/master.key
holds "configuring it once more" dpkg-reconfigure countersign
holds "makes no other key for a store" fails test -e $config/master.key
mv /tmp/master.key $config/master.key

# --- purged ------------------------------------------------------------------------------------------
holds "it is purged" apt purge countersign
cp /tmp/drill.out /tmp/purge.out
holds "dpkg knows nothing of it" bash -c '! dpkg-query -W countersign 2>/dev/null | grep .'
holds "no configuration is left" fails test -e $config/countersign.toml
holds "the store and its key are left" test -s $data/countersign.sqlite -a -s $config/master.key
holds "and it says so" grep -q "kept.*$data.*$config" /tmp/purge.out
left() { find / -xdev \( -path /proc -o -path /root -o -path /srv \) -prune -o -name '*countersign*' -print | sed 's/-[0-9a-f]\{16\}\.guard$/-ID.guard/' | sort | tr '\n' ' '; }
holds "nothing else is left" is "$(left)" "$config $data $data-guard $data-guard/countersign-ID.guard $data/countersign.sqlite "
rm -r $data $data-guard $config
holds "after the store is gone it installs and is purged without a trace" bash -c "apt-get -q -y install '${packages[1]}' && rm $config/master.key && apt-get -q -y purge countersign"
holds "nor a user" fails getent passwd countersign
holds "nothing is left" is "$(left)" ""
