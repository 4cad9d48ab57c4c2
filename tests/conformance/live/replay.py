"""One case on the server, step by step as tests/conformance/case_run.cpp does it in memory."""

import copy
import json
import re
import time
import urllib.parse

import compare
from server import Refused

EPOCH = 1767225600 * 1_000_000_000  # 1 January 2026, where a run of ours begins

# What the server does by itself as soon as it is due, except JOINs, which always are.
SYSTEM_QUEUES = ("HTTP", "SUB_WORKFLOW", "START_WORKFLOW", "WAIT")
OPEN_WORKFLOWS = ("RUNNING", "PAUSED")


def set_at_path(target, path, value):
    steps = [step for step in re.split(r"[.\[\]]", path) if step]
    for i, step in enumerate(steps):
        key = int(step) if isinstance(target, list) else step
        if i + 1 == len(steps):
            target[key] = value
        elif isinstance(target, list):
            target = target[key]
        else:
            target = target.setdefault(key, {})


class Replay:
    """`ours` are the steps that the conformance program recorded of this case."""

    def __init__(self, server, services, folder, case, base_definitions, ours):
        self.server, self.services, self.folder, self.case = server, services, folder, case
        self.base_definitions = base_definitions
        self.ours = {at["step"]: at for at in ours}
        self.handles = {}
        self.starts = []  # ids, in the order of their start
        self.silent = {}
        self.steps = []  # what is seen after each

    def run(self):
        self.server.forget_everything()
        self.server.clock.set(EPOCH)
        self.services.begin(self.case.get("httpAnswers", {}))
        for definition in self.base_definitions + self.case.get("taskDefOverrides", []):
            self.register_task(definition)
        for workflow in self.case.get("workflows", []):
            self.register_workflow(workflow)
        self.register_handlers(self.case.get("eventHandlers", []))
        if self.case.get("start"):
            self.act(0, {"do": "start", **self.case["start"]})
        for number, step in enumerate(self.case.get("steps", []), 1):
            if "do" in step and number in self.ours:
                self.act(number, step)

    def act(self, number, step):
        refused = ""
        try:
            getattr(self, "do_" + step["do"])(step, self.ours.get(number))
        except Refused as error:
            refused = str(error)
        at = {"step": number, "refused": refused, "starts": list(self.starts),
              "workflows": self.settle()}
        ours = self.ours.get(number)
        if ours and compare.compare_steps([ours], [at])[0]:
            # What the sweeper repairs within half a minute is repaired at once here.
            self.make_due(*self.all_workflows())
            at["workflows"] = self.settle()
        self.steps.append(at)

    # --- definitions ---------------------------------------------------------------------------

    def register_task(self, definition):
        definition = dict(definition)
        definition.setdefault("ownerEmail", "cases@soundcheck.example")
        self.server.call("POST", "metadata/taskdefs", [definition])

    def register_workflow(self, workflow):
        if isinstance(workflow, str):
            workflow = json.loads((self.folder / workflow).read_text())
        for patch in self.case.get("patches", []):
            if patch["workflow"] == workflow.get("name"):
                for path, value in patch["set"].items():
                    set_at_path(workflow, path, value)
        result = self.server.call("PUT", "metadata/workflow", [self.services.redirected(workflow)])
        if result["bulkErrorResults"]:
            raise Refused(str(result["bulkErrorResults"]))

    def register_handlers(self, handlers):
        if not handlers:
            return
        for handler in handlers:
            self.server.call("POST", "event", handler)
        # The server looks for handlers once a minute: it has seen these when it has seen a newer one.
        marker = f"conductor:seen:{time.time_ns()}"
        self.server.call("POST", "event", {
            "name": marker, "event": marker, "active": True,
            "actions": [{"action": "start_workflow", "start_workflow": {"name": "nothing"}}]})
        while marker not in self.server.call("GET", "admin/queues"):
            time.sleep(1)

    def do_register(self, step, _):
        for name in ("workflow", "file", "workflowDef"):
            if name in step:
                return self.register_workflow(step[name])
        return self.register_task(step["taskDef"])

    # --- workflows -----------------------------------------------------------------------------

    def workflow(self, workflow_id):
        return self.server.call("GET", f"workflow/{urllib.parse.quote(workflow_id)}")

    def latest(self, workflow, reference):
        rows = [task for task in workflow["tasks"] if task["referenceTaskName"] == reference]
        rows = rows or [task for task in workflow["tasks"]
                        if task["referenceTaskName"].partition("__")[0] == reference]
        if not rows:
            raise LookupError(f"there is no task {reference}")
        return rows[-1]

    def id_of(self, handle):
        if handle in self.handles:
            return self.handles[handle]
        kind, _, rest = handle.rpartition(":")
        if kind == "failure":
            return self.workflow(self.id_of(rest))["output"]["conductor.failure_workflow"]
        parent, _, reference = rest.rpartition(".")
        row = self.latest(self.workflow(self.id_of(parent)), reference)
        return row["outputData"]["workflowId"] if kind == "started" else row["subWorkflowId"]

    def all_workflows(self):
        """By id: those that were started by hand, then what they started themselves."""
        found, pending = {}, list(self.starts)
        while pending:
            workflow_id = pending.pop(0)
            if workflow_id in found:
                continue
            try:
                workflow = self.workflow(workflow_id)
            except Refused:
                continue
            found[workflow_id] = workflow
            for task in workflow["tasks"]:
                started = task["outputData"].get("workflowId")
                if task["taskType"] == "START_WORKFLOW" and started:
                    pending.append(started)
                if task.get("subWorkflowId"):
                    pending.append(task["subWorkflowId"])
            failure = (workflow.get("output") or {}).get("conductor.failure_workflow")
            if failure:
                pending.append(failure)
        return found

    def decide_all(self):
        for workflow_id, workflow in self.all_workflows().items():
            if workflow["status"] in OPEN_WORKFLOWS:
                try:
                    self.server.call("PUT", f"workflow/decide/{workflow_id}")
                except Refused:
                    pass  # that a decision cannot be made is seen by what does not happen

    def settle(self):
        """Until neither decisions nor system tasks change anything."""
        seen, same = None, 0
        end = time.monotonic() + 20
        while same < 5 or (self.server.has_due(SYSTEM_QUEUES) and time.monotonic() < end):
            self.decide_all()
            workflows = self.all_workflows()
            shown = json.dumps([[w["status"], [[t["taskId"], t["status"], t["pollCount"]
                                                if t["taskType"] != "JOIN" else 0]
                                               for t in w["tasks"]]]
                                for w in workflows.values()])
            same = same + 1 if shown == seen else 0
            seen = shown
            time.sleep(0.1)
        return json.loads(self.services.original(json.dumps(list(workflows.values()))))

    # --- steps ---------------------------------------------------------------------------------

    def do_start(self, step, _):
        request = {name: copy.deepcopy(step[name]) for name in
                   ("name", "version", "input", "correlationId", "taskToDomain", "priority",
                    "idempotencyKey", "idempotencyStrategy") if step.get(name) is not None}
        for name, handle in step.get("inputFrom", {}).items():
            request.setdefault("input", {})[name] = self.id_of(handle)
        started = self.server.call("POST", "workflow", request)
        self.handles[step.get("as", "main")] = started
        self.starts.append(started)

    def poll(self, step, ours):
        """The poll must get something when ours did; what came of it is compared as rows are."""
        wanted = bool(ours and ours["polled"])
        end = time.monotonic() + (10 if wanted else 0)
        while True:
            tasks = self.server.call("GET", f"tasks/poll/batch/{step['task']}", count=1, timeout=0,
                                     workerid=step.get("as", "worker"), domain=step.get("domain"))
            if tasks or time.monotonic() > end:
                return tasks[0] if tasks else None
            time.sleep(0.1)

    def report(self, task, step, **result):
        self.server.call("POST", "tasks", {
            "workflowInstanceId": task["workflowInstanceId"], "taskId": task["taskId"],
            "workerId": step.get("as", "worker"), "outputData": step.get("output", {}),
            "reasonForIncompletion": step.get("reason"), **result})

    def work(self, step, ours, **result):
        task = self.poll(step, ours)
        if not task:
            return
        if step["do"] in ("poll", "callback"):
            self.silent[step.get("as", "")] = task
        if result:
            self.report(task, step, **result)

    def do_poll(self, step, ours):
        self.work(step, ours)

    def do_complete(self, step, ours):
        self.work(step, ours, status="COMPLETED")

    def do_fail(self, step, ours):
        self.work(step, ours, status="FAILED")

    def do_fail_terminal(self, step, ours):
        self.work(step, ours, status="FAILED_WITH_TERMINAL_ERROR")

    def do_callback(self, step, ours):
        self.work(step, ours, status="IN_PROGRESS", callbackAfterSeconds=step["seconds"])

    def do_finish(self, step, _):
        self.report(self.silent[step["as"]], step, status=step.get("status", "COMPLETED"))

    def do_extend_lease(self, step, _):
        self.report(self.silent[step["as"]], step, status="IN_PROGRESS", extendLease=True)

    def do_set_task(self, step, _):
        workflow = self.workflow(self.id_of(step.get("wf", "main")))
        self.report(self.latest(workflow, step["ref"]), step, status=step["status"])

    def do_advance(self, step, _):
        self.server.clock.advance(step["seconds"])
        self.decide_all()

    def do_remember(self, step, _):
        self.handles[step["as"]] = self.id_of(step.get("wf", "main"))

    def operate(self, step, method, path, body=None, **query):
        self.server.call(method, f"workflow/{self.id_of(step.get('wf', 'main'))}{path}", body,
                         **query)

    def do_terminate(self, step, _):
        self.operate(step, "DELETE", "", reason=step.get("reason"))

    def do_pause(self, step, _):
        self.operate(step, "PUT", "/pause")

    def do_resume(self, step, _):
        self.operate(step, "PUT", "/resume")

    def do_retry(self, step, _):
        resume = step.get("resumeSubworkflowTasks", False)
        self.operate(step, "POST", "/retry", resumeSubworkflowTasks=str(resume).lower())

    def do_restart(self, step, _):
        latest = step.get("useLatestDefinitions", step.get("useLatest", False))
        self.operate(step, "POST", "/restart", useLatestDefinitions=str(latest).lower())

    def do_reset_callbacks(self, step, _):
        self.operate(step, "POST", "/resetcallbacks")

    def do_skip(self, step, _):
        body = {"taskInput": step.get("input", {}), "taskOutput": step.get("output", {})}
        self.operate(step, "PUT", f"/skiptask/{step['ref']}", body)

    def do_rerun(self, step, _):
        body = {name: step[name] for name in ("taskInput", "workflowInput", "correlationId")
                if name in step}
        if step.get("fromTaskRef"):
            workflow = self.workflow(self.id_of(step.get("wf", "main")))
            body["reRunFromTaskId"] = self.latest(workflow, step["fromTaskRef"])["taskId"]
        self.operate(step, "POST", "/rerun", body)

    def message_of(self, step):
        workflow = self.workflow(self.id_of(step.get("wf", "main")))
        return self.latest(workflow, step["ref"])["taskId"]

    def do_lose_queue_message(self, step, _):
        self.server.sql(("DELETE FROM queue_message WHERE message_id = ?", self.message_of(step)))

    def do_reset_offset(self, step, _):
        self.make_due(self.message_of(step))

    def make_due(self, *messages):
        self.server.sql(*(("UPDATE queue_message SET deliver_on = created_on"
                           " WHERE message_id = ?", message) for message in messages))

    def do_sweep_repair(self, step, _):
        workflow_id = self.id_of(step.get("wf", "main"))
        self.server.call("POST", f"admin/sweep/requeue/{workflow_id}")
        self.make_due(workflow_id)
