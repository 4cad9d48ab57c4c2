#!/usr/bin/env bash
# redis-server 7.0.15 (Debian 12): a capped stream throws away jobs that a worker has taken and not acknowledged.
#
# Expected: XADD with MAXLEN keeps a job queue from growing for ever. A consumer group remembers what it has handed out
# until XACK, so that another worker can take over (XAUTOCLAIM) when one dies. What is pending is in use, and stays.
# Happens: the cap looks at the length of the stream alone. While a worker is down or slow, new jobs push out those that
# are pending; the group's list still counts them, as if they could be had. Whoever takes over gets none of them: their
# numbers come back as deleted, and with that they are gone from the group as well. The producer had its answer for each.
# Redis 8.2 has an option for it (ACKED), which is not the default; 7.0 has none.
#
# Seen (a cap of 1000; a worker takes 100 jobs and dies, 1000 more are added, another one takes over):
#   pending for the group 100, taken over 0, deleted 100, pending afterwards 0
#
# Debian's package is unpacked in a temporary folder, not installed. Needs apt-get with its lists, and Python 3.9 or later.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; chmod 755 "$dir"; cd "$dir"

unpack() { for p in "$@"; do apt-get download "$p" || apt-get download "${p%%=*}"; done; for d in *.deb; do dpkg-deb -x "$d" root; done; }
{
    unpack redis-server=5:7.0.15-1~deb12u10 redis-tools=5:7.0.15-1~deb12u10 libhiredis0.14 libjemalloc2 liblua5.1-0 liblzf1 lua-bitop lua-cjson
    python3 -m venv venv
    venv/bin/pip install -q redis==8.1.0 || venv/bin/pip install -q redis
} >install.log 2>&1 || { echo "could not install"; exit 2; }
export LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu:$dir/root/lib/x86_64-linux-gnu"
root/usr/bin/redis-server --version

cat > finding.py <<'PY'
import socket
import subprocess
import sys
import time

import redis

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
server = subprocess.Popen(["root/usr/bin/redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
                          stdout=subprocess.DEVNULL)
try:
    client = redis.Redis(port=port, decode_responses=True)
    for _ in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.1)

    client.xgroup_create("jobs", "workers", id="0", mkstream=True)
    def add(count):
        for number in range(count):
            client.xadd("jobs", {"order": number}, maxlen=1000, approximate=False)

    add(100)
    taken = client.xreadgroup("workers", "first", {"jobs": ">"}, count=100)[0][1]  # and dies
    add(1000)
    pending = client.xpending("jobs", "workers")["pending"]
    _, claimed, deleted = client.xautoclaim("jobs", "workers", "second", min_idle_time=0, count=1000)
    left = client.xpending("jobs", "workers")["pending"]
finally:
    server.terminate()
print(f"pending for the group {pending}, taken over {len(claimed)}, deleted {len(deleted)}, pending afterwards {left}")
as_described = len(taken) == 100 and (pending, len(claimed), len(deleted), left) == (100, 0, 100, 0)
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 60 venv/bin/python finding.py
