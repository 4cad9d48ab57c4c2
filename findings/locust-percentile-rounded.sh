#!/usr/bin/env bash
# locust 2.47.0 (PyPI): every request takes 1,040 ms, and a limit of 1,000 ms for the 95th percentile holds.
#
# Expected: a load test ends with exit code 1 when get_response_time_percentile(0.95) is above the limit; that is how the
# documentation has a run fail in a pipeline. What is compared is what was measured.
# Happens: response times are kept rounded: from 100 ms on to ten, from one second on to a hundred, from ten seconds on to a
# thousand milliseconds, and percentiles are taken from those. A limit at a round number, as nearly all are, is passed by up to
# 5 %; the average and the maximum beside it in the same report are exact. So a percentile may lie below the minimum.
# A comment in the source gives the reason (less to send to the master); the documentation of percentiles does not say it.
#
# Seen (all requests 1,040 ms):
#   minimum 1040 ms, average 1040 ms, 95th percentile 1000 ms, maximum 1040 ms
#   limit of 1000 ms for the 95th percentile: exit code 0
#
# Needs Python 3.10 or later. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

{ python3 -m venv venv && venv/bin/pip install -q locust==2.47.0; } >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > locustfile.py <<'PY'
from locust import User, constant, events, task


class Caller(User):
    """A client of some other protocol, which reports its own measurements, as the documentation shows."""

    wait_time = constant(0.01)

    @task
    def call(self):
        self.environment.events.request.fire(request_type="CALL", name="charge", response_time=1040,
                                             response_length=0, exception=None, context={})


@events.quitting.add_listener
def judge(environment, **kwargs):
    total = environment.stats.total
    percentile = total.get_response_time_percentile(0.95)
    print(f"minimum {total.min_response_time:.0f} ms, average {total.avg_response_time:.0f} ms, "
          f"95th percentile {percentile:.0f} ms, maximum {total.max_response_time:.0f} ms")
    environment.process_exit_code = 1 if percentile > 1000 else 0
PY
code=0
timeout 60 venv/bin/locust --headless --users 1 --run-time 2s --only-summary >out.log 2>err.log || code=$?
grep '^minimum' out.log || { cat err.log; exit 2; }
echo "limit of 1000 ms for the 95th percentile: exit code $code"
if [[ $code == 0 ]] && grep -q '^minimum 1040 ms, average 1040 ms, 95th percentile 1000 ms, maximum 1040 ms$' out.log; then
    echo "as described"
else
    echo "NOT as described"
    exit 1
fi
