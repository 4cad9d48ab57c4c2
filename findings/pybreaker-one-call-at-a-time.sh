#!/usr/bin/env bash
# pybreaker 1.4.1 (PyPI): a breaker that many threads share lets one call run at a time.
#
# Expected: ten threads call a dependency of 200 ms through one breaker and are done after about 200 ms. The package calls
# itself thread-safe, and its README advises one global breaker for each integration point.
# Happens: CircuitBreaker.call holds the breaker's lock for the whole duration of the protected call. All calls of a process
# to that dependency run one after the other, at 1 / latency. While the dependency is healthy and fast nobody notices; when
# its latency rises, the capacity of the whole process falls with it, and the breaker, which sees no failure, stays closed.
# A thread that only wants to be told "open" waits too, behind the trial call that hangs.
# Not documented; known to the project (issues 3 and 55).
#
# Seen:
#   10 calls of 0.2 s by 10 threads: 2.0 s, at most 1 at a time (without a breaker: 0.2 s, 10 at a time)
#   trial of 1.5 s under way: another thread's rejection takes 1.4 s
#
# Needs Python 3.9 or later. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

{ python3 -m venv venv && venv/bin/pip install -q pybreaker==1.4.1; } >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > finding.py <<'PY'
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pybreaker

running, most, guard = 0, 0, threading.Lock()


def dependency(seconds=0.2):
    global running, most
    with guard:
        running += 1
        most = max(most, running)
    time.sleep(seconds)
    with guard:
        running -= 1


def ten_threads(call):
    global most
    most, start = 0, time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: call(), range(10)))
    return time.monotonic() - start, most


plain = ten_threads(dependency)
breaker = pybreaker.CircuitBreaker(fail_max=5, reset_timeout=60)
guarded = ten_threads(lambda: breaker.call(dependency))
print(f"10 calls of 0.2 s by 10 threads: {guarded[0]:.1f} s, at most {guarded[1]} at a time "
      f"(without a breaker: {plain[0]:.1f} s, {plain[1]} at a time)")


def refuse():
    raise ConnectionError("refused")


def hang_then_fail():
    time.sleep(1.5)
    refuse()


opened = pybreaker.CircuitBreaker(fail_max=1, reset_timeout=1)
try:
    opened.call(refuse)
except pybreaker.CircuitBreakerError:
    pass
time.sleep(1.1)


def trial():
    try:
        opened.call(hang_then_fail)
    except pybreaker.CircuitBreakerError:
        pass


thread = threading.Thread(target=trial)
thread.start()
time.sleep(0.1)
start = time.monotonic()
try:
    opened.call(refuse)
except pybreaker.CircuitBreakerError:
    pass
rejection = time.monotonic() - start
thread.join()
print(f"trial of 1.5 s under way: another thread's rejection takes {rejection:.1f} s")

as_described = guarded[1] == 1 and guarded[0] > 1.9 and plain[1] == 10 and rejection > 1.0
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 60 venv/bin/python finding.py
