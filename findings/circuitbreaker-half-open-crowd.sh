#!/usr/bin/env bash
# circuitbreaker 2.1.3 (PyPI): the half-open breaker lets everybody through, not one trial.
#
# Expected: one call tries the dependency after the recovery timeout, the others are rejected until its result is known. The
# README says so of the default settings: the breaker "allows one test-execution after 30 seconds recovery timeout".
# Happens: half-open is computed from the clock alone; the state has no place for "a trial is under way". All calls that
# come while the first of them still runs go through: the slower the sick dependency answers, the larger the crowd that
# greets it. It is then called a failure as often as there were calls, and after another timeout the crowd comes again.
# Contradicts the documentation.
#
# Seen:
#   50 threads call a half_open breaker in front of a dependency of 0.5 s: 50 calls reach it, 0 are rejected
#
# Needs Python 3.9 or later. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

{ python3 -m venv venv && venv/bin/pip install -q circuitbreaker==2.1.3; } >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > finding.py <<'PY'
import itertools
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from circuitbreaker import CircuitBreaker, CircuitBreakerError

THREADS = 50
reached = itertools.count()


def dependency():
    next(reached)
    time.sleep(0.5)
    raise ConnectionError("still down")


breaker = CircuitBreaker(failure_threshold=3, recovery_timeout=1, expected_exception=ConnectionError)
guarded = breaker(dependency)


def outcome(_):
    try:
        guarded()
    except ConnectionError:
        return "reached"
    except CircuitBreakerError:
        return "rejected"


opening = [outcome(None) for _ in range(4)]  # the fourth shows that it is open
time.sleep(1.2)
state = breaker.state
with ThreadPoolExecutor(THREADS) as pool:
    outcomes = list(pool.map(outcome, range(THREADS)))
print(f"{THREADS} threads call a {state} breaker in front of a dependency of 0.5 s: "
      f"{outcomes.count('reached')} calls reach it, {outcomes.count('rejected')} are rejected")

as_described = opening[3] == "rejected" and state == "half_open" and outcomes.count("reached") > 40
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 60 venv/bin/python finding.py
