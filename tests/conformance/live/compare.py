"""What a case came to here and there, in one form, and where it differs."""

import json
import re


# How often these are looked at is a matter of time.
SYSTEM_TASKS = ("JOIN", "EXCLUSIVE_JOIN", "SUB_WORKFLOW", "START_WORKFLOW", "WAIT", "HTTP", "EVENT")


def text_or_none(value):
    return value or None


def form(workflows, starts):
    """Workflows by name (start 1, start 1/3: what its third row started, ...), ids replaced by
    names, without what is a matter of time or of the store."""
    by_id = {workflow["workflowId"]: workflow for workflow in workflows}
    names, pending = {}, [(f"start {i}", started) for i, started in enumerate(starts, 1)]
    while pending:
        name, workflow_id = pending.pop(0)
        if workflow_id not in by_id or workflow_id in names:
            continue
        names[workflow_id] = name
        workflow = by_id[workflow_id]
        for number, task in enumerate(workflow["tasks"], 1):
            if task.get("subWorkflowId"):
                pending.append((f"{name}/{number}", task["subWorkflowId"]))
            elif task["taskType"] == "START_WORKFLOW":
                pending.append((f"{name}/{number}", task["outputData"].get("workflowId")))
        failure = (workflow.get("output") or {}).get("conductor.failure_workflow")
        if failure:
            pending.append((f"{name}/failure", failure))
    ids = dict(names)
    for workflow_id, name in names.items():
        for number, task in enumerate(by_id[workflow_id]["tasks"], 1):
            ids[task["taskId"]] = f"{name}#{number}"

    # Longest first: an id of ours may begin another one (w1, w1:2, w1:2.child).
    known = re.compile(r"(?<![\w:.-])(" + "|".join(
        re.escape(i) for i in sorted(ids, key=len, reverse=True)) + r")(?![\w:-])")

    def named(value):
        if isinstance(value, dict) and "failedReferenceTaskNames" in value:
            return f"<{ids.get(value.get('workflowId'))}>"  # a whole execution
        if isinstance(value, dict) and "statusCode" in value:  # of a stub, whose headers are its own
            return {key: named(value.get(key)) for key in ("statusCode", "body")}
        if isinstance(value, dict):  # expressions cannot tell null from nothing
            return {key: named(member) for key, member in value.items() if member is not None}
        if isinstance(value, list):
            return [named(member) for member in value]
        if isinstance(value, str):
            return known.sub(lambda found: f"<{ids[found[1]]}>", value)
        return value

    result = {}
    for workflow_id, name in names.items():
        workflow = by_id[workflow_id]
        result[name] = {
            "workflow": workflow["workflowName"],
            "version": workflow["workflowVersion"],
            "status": workflow["status"],
            "reason": named(text_or_none(workflow.get("reasonForIncompletion"))),
            "correlationId": text_or_none(workflow.get("correlationId")),
            "input": named(workflow.get("input") or {}),
            "output": named(workflow.get("output") or {}),
            "variables": named(workflow.get("variables") or {}),
            "failedReferenceTaskNames": sorted(workflow.get("failedReferenceTaskNames") or []),
            "rows": [row(task, named) for task in workflow["tasks"]],
        }
    return result


def row(task, named):
    return {
        "task": f"{task['referenceTaskName']} {task['taskType']} {task['status']}",
        "retryCount": task["retryCount"],
        "iteration": task["iteration"],
        "retried": task.get("retried", False),
        "pollCount": 0 if task["taskType"] in SYSTEM_TASKS else task["pollCount"],
        "reason": named(text_or_none(task.get("reasonForIncompletion"))),
        "input": named(task.get("inputData") or {}),
        "output": named(task.get("outputData") or {}),
    }


def differences(ours, theirs):
    """Lines; the first member is whether statuses or rows differ, not only what is in them."""
    rows, values = [], []
    for name in sorted(set(ours) | set(theirs)):
        here, there = ours.get(name), theirs.get(name)
        if here is None or there is None:
            rows.append(f"{name}: only {'there' if here is None else 'here'}")
            continue
        if here["status"] != there["status"]:
            rows.append(f"{name}: {here['status']} here, {there['status']} there"
                        f" (reason {here['reason']!r}, {there['reason']!r})")
        left = [entry["task"] for entry in here["rows"]]
        right = [entry["task"] for entry in there["rows"]]
        if left != right:
            rows.append(f"{name}: rows {left} here, {right} there")
        for key in here:
            if key not in ("rows", "status") and here[key] != there[key]:
                values.append(f"{name}: {key} {shown(here[key])} here, {shown(there[key])} there")
        for number, (a, b) in enumerate(zip(here["rows"], there["rows"]), 1):
            if a["task"] != b["task"]:
                continue
            for key in a:
                if a[key] != b[key]:
                    values.append(f"{name}#{number} {a['task']}: {key} {shown(a[key])} here,"
                                  f" {shown(b[key])} there")
    return rows, values


def compare_steps(ours, theirs):
    """Of the first step with another status or row, and of values until then, each but once."""
    theirs = {at["step"]: at for at in theirs}
    values = {}
    for at in ours:
        where = f"step {at['step']}: "
        there = theirs.get(at["step"])
        if there is None:
            return [where + "not reached there"], list(values.values())
        if bool(at["refused"]) != bool(there["refused"]):
            return [where + f"{at['refused'] or 'done'!r} here, {there['refused'] or 'done'!r}"
                    " there"], list(values.values())
        rows, differ = differences(form(at["workflows"], at["starts"]),
                                   form(there["workflows"], there["starts"]))
        for line in differ:
            values.setdefault(line, where + line)
        if rows:
            return [where + line for line in rows], list(values.values())
    return [], list(values.values())


def shown(value):
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= 300 else text[:297] + "..."
