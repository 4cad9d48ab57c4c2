#!/usr/bin/env bash
# resilience4j-circuitbreaker@2.4.0 (Maven): results of calls that began before the breaker opened decide the half-open trial.
#
# Expected: HALF_OPEN judges the service by its trial calls. The documentation: after the wait "a configurable number of
# calls" is permitted to see whether the backend is available again (permittedNumberOfCallsInHalfOpenState), and all
# further calls are rejected until those have completed.
# Happens: a result is counted by the state in which it ARRIVES; nothing remembers under which state the call was let
# through. In an outage the calls that hang longest arrive exactly then:
#   1. Five calls that hung since before the outage time out: the breaker opens again. The only trial succeeded.
#   2. Five such calls succeed at last: the breaker closes, while its only trial is still running (and fails after).
#   3. Fifty such calls end in an ignored exception (or are cancelled): each gives back a permission that was never taken
#      from this state, so 55 trials run at once where 5 are permitted.
# Not documented. Only permissions and results are told to the breaker here, as its decorators do; no thread is involved.
#
# Seen:
#   late failures:  1 trial, succeeded;     5 late failures  -> OPEN
#   late successes: 1 trial, still running; 5 late successes -> CLOSED
#   late ignored:   5 trials permitted, 50 late ignored      -> 55 trials admitted
#
# Needs a JDK 17 and Maven. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.github.resilience4j</groupId><artifactId>resilience4j-circuitbreaker</artifactId><version>2.4.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > Finding.java <<'JAVA'
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

public class Finding {
    static final RuntimeException REFUSED = new RuntimeException("refused");

    /** A breaker in HALF_OPEN with one trial under way, and `hanging` calls that were let through while it was closed. */
    static CircuitBreaker halfOpen(int hanging) throws InterruptedException {
        CircuitBreaker breaker = CircuitBreaker.of("payments", CircuitBreakerConfig.custom()
            .slidingWindowSize(10).minimumNumberOfCalls(10).failureRateThreshold(50)
            .permittedNumberOfCallsInHalfOpenState(5).waitDurationInOpenState(Duration.ofMillis(300)).build());
        for (int i = 0; i < hanging; i++) breaker.acquirePermission();
        for (int i = 0; i < 10; i++) {
            breaker.acquirePermission();
            breaker.onError(1, TimeUnit.MILLISECONDS, REFUSED);
        }
        if (breaker.getState() != CircuitBreaker.State.OPEN) throw new IllegalStateException("did not open");
        Thread.sleep(400);
        breaker.acquirePermission();
        return breaker;
    }

    public static void main(String[] args) throws Exception {
        CircuitBreaker failures = halfOpen(5);
        failures.onSuccess(1, TimeUnit.MILLISECONDS);  // the trial
        for (int i = 0; i < 5; i++) failures.onError(30, TimeUnit.SECONDS, new RuntimeException("timed out"));
        System.out.println("late failures:  1 trial, succeeded;     5 late failures  -> " + failures.getState());

        CircuitBreaker successes = halfOpen(5);
        for (int i = 0; i < 5; i++) successes.onSuccess(30, TimeUnit.SECONDS);
        System.out.println("late successes: 1 trial, still running; 5 late successes -> " + successes.getState());

        CircuitBreaker ignored = halfOpen(50);
        for (int i = 0; i < 50; i++) ignored.releasePermission();  // what a decorator does for an ignored exception
        int trials = 1;
        while (trials < 1000 && ignored.tryAcquirePermission()) trials++;
        System.out.println("late ignored:   5 trials permitted, 50 late ignored      -> " + trials + " trials admitted");

        boolean asDescribed = failures.getState() == CircuitBreaker.State.OPEN
            && successes.getState() == CircuitBreaker.State.CLOSED && trials == 55;
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
timeout 100 java -cp 'lib/*' Finding.java
