#!/usr/bin/env bash
# tenacity 9.2.1 (PyPI): exponential back-off with jitter has no jitter any more once it has reached its maximum.
#
# Expected: wait_exponential_jitter spreads the clients that failed together, so that they do not come back together; the more
# so in a long outage, when all of them wait the maximum.
# Happens: the jitter is added before the result is cut to the maximum. From the attempt on whose plain wait reaches the
# maximum, every client waits exactly the maximum, for the rest of the outage. The crowd keeps the width that its first few
# short waits gave it, some two seconds here, and comes back every 30 s; a longer outage does not thin the peaks.
# The formula is in the docstring; that it switches the jitter off is not said. (wait_random_exponential does not do this.)
#
# Seen (500 clients fail at once, multiplier 1, max 30, jitter 1):
#   different waits at attempts 1 to 7: 500 500 500 500 500 1 1
#   tries of attempt 20 in their busiest second: 266 of 500; with wait_random_exponential(max=30): 12 of 500
#
# Needs Python 3.10 or later. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

{ python3 -m venv venv && venv/bin/pip install -q tenacity==9.2.1; } >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > finding.py <<'PY'
import random
import sys
from collections import Counter

import tenacity

CLIENTS, ATTEMPTS = 500, 20
random.seed(1)


def waits(strategy):
    """The waits of one client, as tenacity itself takes them; nothing sleeps."""
    taken = []
    try:
        tenacity.Retrying(wait=strategy, stop=tenacity.stop_after_attempt(ATTEMPTS), sleep=taken.append)(lambda: 1 / 0)
    except tenacity.RetryError:
        return taken


def busiest(clients):
    """How many clients make their last attempt in the same second."""
    return max(Counter(int(sum(taken)) for taken in clients).values())


jitter = [waits(tenacity.wait_exponential_jitter(multiplier=1, max=30, jitter=1)) for _ in range(CLIENTS)]
full = [waits(tenacity.wait_random_exponential(multiplier=1, max=30)) for _ in range(CLIENTS)]
different = [len({taken[attempt] for taken in jitter}) for attempt in range(7)]
print("different waits at attempts 1 to 7:", *different)
print(f"tries of attempt {ATTEMPTS} in their busiest second: {busiest(jitter)} of {CLIENTS}; "
      f"with wait_random_exponential(max=30): {busiest(full)} of {CLIENTS}")
as_described = min(different[:5]) > 490 and different[5:] == [1, 1] and busiest(jitter) > 5 * busiest(full)
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 60 venv/bin/python finding.py
