#!/usr/bin/env bash
# chaostoolkit 1.19.0 (PyPI): an experiment whose faults all failed to be injected is "completed", with exit code 0.
#
# Expected: a chaos experiment says whether the system bore the fault. If no fault was injected (a typing error in a selector,
# a missing permission, a command that is not there), the run proves nothing and must not be green.
# Happens: an action that raises is noted as "failed" in the journal and the method goes on; an action of type process that
# exits with an error is even noted as "succeeded". The steady state then holds, of course. Status "completed", not
# deviated, exit code 0: a pipeline that runs the experiment nightly is green for ever after the selector broke.
# The journal shows it to whoever reads it. `chaos run` has options for when to test the hypothesis and when to roll back, but
# none that makes a failed action fail the experiment. Not documented, as far as we found.
#
# Seen:
#   kill-payments (process that exits 1): succeeded
#   cut-network (Python action that raises): failed
#   experiment: completed, deviated False, steady state met after the method True, exit code 0
#
# Needs Python 3.9 or later. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

{ python3 -m venv venv && venv/bin/pip install -q setuptools==75.8.0 chaostoolkit==1.19.0 chaostoolkit-lib==1.44.0; } \
    >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > experiment.json <<'JSON'
{
  "title": "Orders survive the death of payments",
  "description": "Both faults fail to be injected.",
  "steady-state-hypothesis": {
    "title": "The site is up",
    "probes": [{
      "type": "probe", "name": "site-is-up", "tolerance": true,
      "provider": {"type": "python", "module": "os.path", "func": "isdir", "arguments": {"s": "."}}
    }]
  },
  "method": [
    {"type": "action", "name": "kill-payments", "provider": {"type": "process", "path": "false"}},
    {"type": "action", "name": "cut-network",
     "provider": {"type": "python", "module": "os", "func": "remove", "arguments": {"path": "no-such-interface"}}}
  ],
  "rollbacks": []
}
JSON
code=0; HOME="$dir" timeout 60 venv/bin/chaos --no-version-check run experiment.json >run.log 2>&1 || code=$?
[ -f journal.json ] || { cat run.log; exit 1; }

python3 - "$code" <<'PY'
import json
import sys

code = int(sys.argv[1])
with open("journal.json") as file:
    journal = json.load(file)
status = {run["activity"]["name"]: run["status"] for run in journal["run"]}
after = journal["steady_states"]["after"]["steady_state_met"]
print(f"kill-payments (process that exits 1): {status['kill-payments']}")
print(f"cut-network (Python action that raises): {status['cut-network']}")
print(f"experiment: {journal['status']}, deviated {journal['deviated']}, steady state met after the method {after}, "
      f"exit code {code}")
as_described = (status == {"kill-payments": "succeeded", "cut-network": "failed"} and journal["status"] == "completed"
                and not journal["deviated"] and after and code == 0)
print("as described" if as_described else "NOT as described")
sys.exit(0 if as_described else 1)
PY
