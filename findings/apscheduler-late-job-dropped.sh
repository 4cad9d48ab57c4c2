#!/usr/bin/env bash
# APScheduler 3.11.3 (PyPI): a one-off job that cannot start within a second of its time never runs.
#
# Expected: "refund this order at 12:00" is scheduled once. If the workers are busy at 12:00, the refund is late.
# Happens: a job that starts more than misfire_grace_time after its time, one second by default, is skipped, and a one-off job
# is gone from the store with it. The lateness is judged when a worker takes the job, so a full thread pool suffices: no
# restart, no pause, no clock step. Under overload, when everything is late, the scheduler drops work, and all that remains is
# a line in the log. (A pool of 10 threads, the default, with slow jobs in an outage of their dependency does the same.)
# misfire_grace_time is documented, with a default of one second; that it holds for one-off jobs, and while waiting for a
# worker, is easily missed.
#
# Seen (one worker, two jobs due at the same moment, the first takes 3 s):
#   default:                  ran [report], left in the store: 0
#   misfire_grace_time None:  ran [report, refund], left in the store: 0
#
# Needs Python 3.9 or later. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

{ python3 -m venv venv && venv/bin/pip install -q apscheduler==3.11.3; } >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > finding.py <<'PY'
import logging
import sys
import time
from datetime import datetime, timedelta, timezone

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

logging.disable(logging.CRITICAL)


def ran_jobs(title, **job_defaults):
    ran = []

    def report():
        time.sleep(3)
        ran.append("report")

    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)}, job_defaults=job_defaults, timezone=timezone.utc)
    scheduler.start()
    due = datetime.now(timezone.utc) + timedelta(seconds=0.5)
    scheduler.add_job(report, "date", run_date=due)
    scheduler.add_job(lambda: ran.append("refund"), "date", run_date=due)
    time.sleep(6)
    left = len(scheduler.get_jobs())
    scheduler.shutdown()
    print(f"{title} ran [{', '.join(ran)}], left in the store: {left}")
    return ran, left


default = ran_jobs("default:                 ")
patient = ran_jobs("misfire_grace_time None: ", misfire_grace_time=None)
as_described = default == (["report"], 0) and patient == (["report", "refund"], 0)
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
timeout 60 venv/bin/python finding.py
