#!/usr/bin/env bash
# etcd 3.4.23 (Debian 12): each restart of the server gives a lease its full time-to-live again; a dead owner keeps its lock.
#
# Expected: a lease of 10 s that nobody renews ends after 10 s of absence of its owner, or a little later. Lock and leader
# election recipes rest on it: fail-over takes at most the time-to-live and the time until etcd is back.
# Happens: only the granted time-to-live is stored. A server that starts (and a member that becomes leader) gives every lease
# its full time again. An etcd that restarts every 7 s, by an out-of-memory loop or a rolling upgrade, never lets the lease
# of the dead owner end, although each restart lasts a second; the standby waits.
# The documentation promises a minimum only. The help of a flag that is off by default, --experimental-enable-lease-checkpoint,
# speaks of preventing "indefinite auto-renewal of long lived leases".
#
# Seen (lease of 10 s, owner dead from the start, etcd killed and started again 3 times, 7 s apart):
#   restart 1: 10 s left of 10, lock held
#   restart 2: 10 s left of 10, lock held
#   restart 3: 10 s left of 10, lock held
#   the lock of the dead owner was free after 36 s instead of 10
#
# Debian's package is unpacked in a temporary folder, not installed. Needs apt-get with its lists, and Python 3.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; chmod 755 "$dir"; cd "$dir"

unpack() { for p in "$@"; do apt-get download "$p" || apt-get download "${p%%=*}"; done; for d in *.deb; do dpkg-deb -x "$d" root; done; }
unpack etcd-server=3.4.23-4+b4 >install.log 2>&1 || { echo "could not install"; exit 2; }
root/usr/bin/etcd --version | head -1

cat > finding.py <<'PY'
import base64
import json
import socket
import subprocess
import sys
import time
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))


def call(method, **body):
    request = urllib.request.Request(f"{client}/v3/{method}", json.dumps(body).encode())
    return json.load(urllib.request.urlopen(request, timeout=5))


def start():
    server = subprocess.Popen(
        ["root/usr/bin/etcd", "--data-dir", "data", "--listen-client-urls", client, "--advertise-client-urls", client,
         "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            call("lease/leases")
            return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    sys.exit("etcd did not start")


KEY = base64.b64encode(b"lock").decode()
server = start()
try:
    lease = call("lease/grant", TTL=10)["ID"]
    call("kv/put", key=KEY, value=base64.b64encode(b"dead owner").decode(), lease=lease)
    granted = time.monotonic()
    left = []
    for restart in range(1, 4):
        time.sleep(7)
        server.kill()
        server.wait()
        server = start()
        left.append(int(call("lease/timetolive", ID=lease).get("TTL", -1)))
        held = "count" in call("kv/range", key=KEY)
        print(f"restart {restart}: {left[-1]} s left of 10, lock {'held' if held else 'free'}")
    while "count" in call("kv/range", key=KEY) and time.monotonic() - granted < 80:
        time.sleep(0.2)
    free = time.monotonic() - granted
    print(f"the lock of the dead owner was free after {free:.0f} s instead of 10")
finally:
    server.kill()
    server.wait()

as_described = all(seconds >= 9 for seconds in left) and free > 28
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 110 python3 finding.py
