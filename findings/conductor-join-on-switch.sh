#!/usr/bin/env bash
# Netflix Conductor, conductor-core@3.15.0 (Maven): JOIN does not wait for a branch that ends in a SWITCH, or waits for ever.
#
# Expected: FORK_JOIN with the branches [reserve] and [SWITCH: pay_by_card | pay_by_bill], and a JOIN behind it. The
# documentation of JOIN: it waits for the tasks named in joinOn. Naming the SWITCH waits for the branch.
# Happens: a SWITCH is COMPLETED the moment it has chosen; the chosen task is not part of it. So
#   - joinOn [reserve, route] goes on while the payment still runs: the order ships unpaid, and only when payments is slow;
#   - joinOn [reserve, pay_by_bill] waits for ever when the card was chosen: a reference that was never scheduled counts as
#     "not finished yet".
# There is no right joinOn; a task has to be added behind the SWITCH, inside the branch (or an EXCLUSIVE_JOIN).
# Documented only in the reference of the commercial product; conductor-oss changed it in 2026 (issue 797), this line is
# archived and keeps it. The same definition therefore waits in one line and not in the other.
#
# Seen:
#   joinOn [reserve, route], payment in progress:  JOIN is COMPLETED
#   joinOn [reserve, pay_by_bill], card was taken: JOIN is IN_PROGRESS (nothing is left to run)
#   joinOn [reserve, pay_by_card], card was taken: JOIN is COMPLETED
#
# Runs the published Join task itself on rows of a workflow, without a server. Needs a JDK 17 and Maven.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.netflix.conductor</groupId><artifactId>conductor-core</artifactId><version>3.15.0</version></dependency>
  </dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > Finding.java <<'JAVA'
import com.netflix.conductor.common.metadata.workflow.WorkflowTask;
import com.netflix.conductor.core.execution.tasks.Join;
import com.netflix.conductor.model.TaskModel;
import com.netflix.conductor.model.TaskModel.Status;
import com.netflix.conductor.model.WorkflowModel;
import java.util.ArrayList;
import java.util.List;

public class Finding {
    static TaskModel row(String reference, String type, Status status) {
        TaskModel task = new TaskModel();
        task.setTaskId(reference);
        task.setReferenceTaskName(reference);
        task.setTaskType(type);
        task.setStatus(status);
        task.setSeq(1);
        task.setWorkflowTask(new WorkflowTask());
        return task;
    }

    static Status join(String title, List<String> joinOn, TaskModel... rows) {
        WorkflowModel workflow = new WorkflowModel();
        workflow.setTasks(new ArrayList<>(List.of(rows)));
        TaskModel join = row("join", "JOIN", Status.IN_PROGRESS);
        join.getInputData().put("joinOn", joinOn);
        new Join().execute(workflow, join, null);
        System.out.println("joinOn " + joinOn + ", " + title + " JOIN is " + join.getStatus());
        return join.getStatus();
    }

    public static void main(String[] args) {
        TaskModel reserve = row("reserve", "SIMPLE", Status.COMPLETED);
        TaskModel route = row("route", "SWITCH", Status.COMPLETED);
        TaskModel paying = row("pay_by_card", "SIMPLE", Status.IN_PROGRESS);
        TaskModel paid = row("pay_by_card", "SIMPLE", Status.COMPLETED);

        Status early = join("payment in progress: ", List.of("reserve", "route"), reserve, route, paying);
        Status never = join("card was taken:", List.of("reserve", "pay_by_bill"), reserve, route, paid);
        Status right = join("card was taken:", List.of("reserve", "pay_by_card"), reserve, route, paid);
        boolean asDescribed = early == Status.COMPLETED && never == Status.IN_PROGRESS && right == Status.COMPLETED;
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
timeout 60 java -cp 'lib/*' Finding.java 2>run.err || { code=$?; cat run.err; exit $code; }
