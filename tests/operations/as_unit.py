#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a unit's ExecStart the way systemd would, without systemd as the first process: as root, in a mount namespace of its own.

as_unit.py UNIT ETC STATE BINARY: ETC stands for /etc/countersign, STATE for /var/lib. Every directive of [Service] has to be one
that is carried out here or stands in NOT_TRIED, so that none is added unseen. Prints `notify: ...` for each datagram of
the server's, `not tried: ...` once, `ended: CODE`; SIGTERM and SIGHUP are passed on.
"""
import ctypes
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import seccomp

# What takes systemd itself, or a kernel feature that is not set up by hand: the offline analysis alone judges these.
NOT_TRIED = {
    "Restart", "LogRateLimitIntervalSec", "RestartSec", "TimeoutStartSec", "TimeoutStopSec", "MemorySwapMax", "PrivateUsers", "PrivateTmp", "PrivateDevices",
    "PrivateMounts", "ProtectHome", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs", "ProtectControlGroups",
    "ProtectHostname", "ProtectProc", "ProcSubset", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "RemoveIPC", "KeyringMode",
    "LockPersonality", "SystemCallArchitectures",
}
CARRIED_OUT = {
    "Type", "NotifyAccess", "ExecStart", "ExecReload", "User", "Group", "LoadCredential", "StateDirectory", "StateDirectoryMode",
    "LogsDirectory", "LogsDirectoryMode", "UMask", "LimitCORE", "LimitNOFILE", "CapabilityBoundingSet", "AmbientCapabilities",
    "NoNewPrivileges", "ProtectSystem", "MemoryDenyWriteExecute", "RestrictAddressFamilies", "SystemCallFilter", "SystemCallErrorNumber",
}
NOBODY = 65534
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
PROT_WRITE, PROT_EXEC = 2, 4
libc = ctypes.CDLL(None, use_errno=True)


def read_service(path):
    """{directive: [values]} of [Service]."""
    section, found = None, {}
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    unknown = set(found) - NOT_TRIED - CARRIED_OUT
    if unknown:
        sys.exit(f"as_unit.py does not know {', '.join(sorted(unknown))}")
    return found


def calls_of(name):
    """The system calls of a name or an @group, as systemd has them."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", name], check=True, capture_output=True, text=True).stdout
    members = re.findall(r"^\s+([@\w-]+)$", listed, re.MULTILINE)
    return set().union(*(calls_of(member) for member in members))


def make_filter(service):
    allowed = set()
    for value in service["SystemCallFilter"]:
        calls = set().union(*(calls_of(name) for name in value.removeprefix("~").split()))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    # Always there, whatever the list says (systemd.exec): what a program is started with.
    allowed |= calls_of("@default")
    made = seccomp.SyscallFilter(seccomp.ERRNO(1))
    for call in sorted(allowed - {"mmap", "mprotect", "pkey_mprotect", "shmat", "socket"}):
        try:
            made.add_rule(seccomp.ALLOW, call)
        except RuntimeError:
            pass  # not of this processor
    both = PROT_WRITE | PROT_EXEC
    for protection in (0, PROT_WRITE, PROT_EXEC):
        made.add_rule(seccomp.ALLOW, "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, both, protection))
    made.add_rule(seccomp.ALLOW, "mprotect", seccomp.Arg(2, seccomp.MASKED_EQ, PROT_EXEC, 0))
    for family in service["RestrictAddressFamilies"][0].split():
        made.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, int(getattr(socket, family))))
    return made


def must(done, what):
    if done != 0:
        raise OSError(ctypes.get_errno(), what)


def confine(service, made):
    """In the child, as the last thing before exec. What fails here is told, since Popen does not."""
    try:
        restrict(service, made)
    except BaseException as wrong:
        os.write(2, f"as_unit.py: {wrong!r}\n".encode())
        raise


def restrict(service, made):
    for name, limit in (("LimitCORE", resource.RLIMIT_CORE), ("LimitNOFILE", resource.RLIMIT_NOFILE)):
        value = int(service[name][0])
        most = resource.getrlimit(limit)[1]  # a container may allow less, and not even root more
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (value, value))
    os.umask(int(service["UMask"][0], 8))
    assert service["CapabilityBoundingSet"] == [""] and service["AmbientCapabilities"] == [""]
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    made.load()


def make_root_read_only(writable):
    """ProtectSystem=strict, in this process's own mount namespace."""
    assert subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    for folder in writable:
        subprocess.run(["mount", "--bind", folder, folder], check=True)
    for point in [line.split()[4] for line in open("/proc/self/mountinfo", encoding="utf-8")]:
        if not point.startswith(("/proc", "/sys", "/dev")) and point not in writable:
            subprocess.run(["mount", "-o", "remount,bind,ro", point], capture_output=True)
    if any(os.access(folder, os.W_OK) for folder in ("/etc", "/tmp", "/usr")):
        sys.exit("the root could not be made read-only")


def main():
    unit, etc, state, binary = sys.argv[1:]
    service = read_service(unit)
    credentials = tempfile.mkdtemp(prefix="credentials-", dir=state)
    name, source = service["LoadCredential"][0].split(":", 1)
    shutil.copy(source.replace("/etc/countersign", etc), os.path.join(credentials, name))
    folders = [os.path.join(state, folder) for folder in service["StateDirectory"][0].split()]
    for folder in folders:
        os.makedirs(folder, mode=int(service["StateDirectoryMode"][0], 8), exist_ok=True)
        os.chown(folder, NOBODY, NOBODY)
    for path in (credentials, os.path.join(credentials, name)):
        os.chown(path, NOBODY, NOBODY)
    os.chmod(os.path.join(credentials, name), 0o400)

    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind("\0countersign-as-unit-%d" % os.getpid())
    made = make_filter(service)
    make_root_read_only(folders)
    command = [word.replace("%d", credentials).replace("/etc/countersign", etc) for word in shlex.split(service["ExecStart"][0])]
    environment = {"PATH": "/usr/bin:/bin", "CREDENTIALS_DIRECTORY": credentials,
                   "NOTIFY_SOCKET": "@countersign-as-unit-%d" % os.getpid()}
    child = subprocess.Popen([binary, *command[1:]], env=environment, stdin=subprocess.DEVNULL, preexec_fn=lambda: confine(service, made))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: child.send_signal(received))
    print("not tried:", " ".join(sorted(set(service) & NOT_TRIED)), flush=True)

    def listen():
        while True:
            print("notify:", told.recv(4096).decode(), flush=True)
    threading.Thread(target=listen, daemon=True).start()
    code = child.wait()
    print("ended:", code, flush=True)
    sys.exit(0 if code == 0 else 1)


if __name__ == "__main__":
    main()
