#!/usr/bin/env bash
# camunda-engine@7.22.0 (Maven): the retry of a failed service task runs the service tasks before it again.
#
# Expected: a process charges, then ships. Shipping fails three times; the engine retries the failed step: one charge, three
# attempts to ship. That is what workflow orchestrators with durable steps do, and what the diagram shows.
# Happens: the engine keeps its state in one database transaction from one wait state to the next. The exception rolls it
# back, and with it the record that the charge was done (even the history of it), though not the charge. Each retry starts at
# the last wait state: with the default of three tries the customer is charged three times, and the engine's history shows
# no charge at all.
# Documented under "Transactions in Processes", with the remedy (asyncAfter on each task that has an effect outside). The
# surprise is in the effect: retries, the default of every job, multiply calls that had SUCCEEDED.
#
# Seen:
#   without asyncAfter: [charge, ship, charge, ship, charge, ship], history knows 0 of 3 charges
#   with asyncAfter:    [charge, ship, ship, ship], history knows 1 of 1 charges
#
# Runs the engine with an in-memory H2 database and executes its jobs by hand. Needs a JDK 17 and Maven.
# Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.camunda.bpm</groupId><artifactId>camunda-engine</artifactId><version>7.22.0</version></dependency>
    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2.2.224</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > Finding.java <<'JAVA'
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.model.bpmn.Bpmn;

public class Finding {
    static final List<String> calls = new ArrayList<>();

    public static class Charge implements JavaDelegate {
        public void execute(DelegateExecution execution) { calls.add("charge"); }
    }

    public static class Ship implements JavaDelegate {
        public void execute(DelegateExecution execution) {
            calls.add("ship");
            throw new RuntimeException("shipping answers 503");
        }
    }

    /** Starts one order and executes its jobs until they have no tries left. */
    static String lives(boolean asyncAfter) {
        calls.clear();
        ProcessEngine engine = new StandaloneInMemProcessEngineConfiguration()
            .setJdbcUrl("jdbc:h2:mem:engine" + asyncAfter).setJobExecutorActivate(false).buildProcessEngine();
        engine.getRepositoryService().createDeployment().addModelInstance("order.bpmn",
            Bpmn.createExecutableProcess("order").camundaHistoryTimeToLive(1)
                .startEvent().camundaAsyncBefore()
                .serviceTask("charge").camundaClass(Charge.class.getName()).camundaAsyncAfter(asyncAfter)
                .serviceTask("ship").camundaClass(Ship.class.getName())
                .endEvent().done()).deploy();
        engine.getRuntimeService().startProcessInstanceByKey("order");
        for (int i = 0; i < 20; i++) {
            List<Job> jobs = engine.getManagementService().createJobQuery().withRetriesLeft().list();
            if (jobs.isEmpty()) break;
            try {
                engine.getManagementService().executeJob(jobs.get(0).getId());
            } catch (RuntimeException failed) {
                // counted by the engine, which takes one try off the job
            }
        }
        long known = engine.getHistoryService().createHistoricActivityInstanceQuery().activityId("charge").count();
        engine.close();
        return calls + ", history knows " + known + " of " + Collections.frequency(calls, "charge") + " charges";
    }

    public static void main(String[] args) {
        String plain = lives(false);
        String saved = lives(true);
        System.out.println("without asyncAfter: " + plain);
        System.out.println("with asyncAfter:    " + saved);
        boolean asDescribed = plain.equals("[charge, ship, charge, ship, charge, ship], history knows 0 of 3 charges")
            && saved.equals("[charge, ship, ship, ship], history knows 1 of 1 charges");
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
javac -cp 'lib/*' Finding.java
timeout 100 java -cp 'lib/*:.' Finding
