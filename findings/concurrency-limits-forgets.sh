#!/usr/bin/env bash
# Netflix concurrency-limits-core@0.5.4 (Maven): the adaptive limit protects a slow dependency for seconds, then opens fully.
#
# Expected: the library derives limits from measured latency so that queues cannot grow. A dependency that became 100 times
# slower and stays so should keep a small limit until it is fast again. The class comment of Gradient2Limit says as much for
# its state "load": the baseline lags the current latency, which keeps the gradient below 1 and the limit low.
# Happens: the baseline is an average over 600 samples of the same latency. When the samples are all slow, the average
# becomes slow, the gradient is 1 again, and the limit grows to its maximum, while nothing has recovered. It cannot tell
# "slow for long" from "this is how it is", and at the moment at which it lets go, ten times as many calls pile up.
# That the average adapts is documented; that the limit is at its maximum in the middle of the outage is not.
# The algorithm takes its times as arguments, so this runs in simulated time and gives the same numbers always.
#
# Seen (10 ms a call, from the 5000th sample on 1000 ms a call for ever):
#   healthy:             limit 200
#   60 samples slow:     limit 20
#   500 samples slow:    limit 192
#   1000 samples slow:   limit 200, with every call at 1000 ms
#   simulated time from the start of the outage to the maximum: 15 s
#
# Needs a JDK 17 and Maven. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.netflix.concurrency-limits</groupId><artifactId>concurrency-limits-core</artifactId><version>0.5.4</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > Finding.java <<'JAVA'
import com.netflix.concurrency.limits.limit.Gradient2Limit;

public class Finding {
    static final long MS = 1_000_000;
    static final Gradient2Limit limit = Gradient2Limit.newDefault();
    static long now = 0;

    /** A full limiter: as many calls in flight as it allows, each of the same latency, so one ends every latency / limit. */
    static int samples(int count, long latencyMs) {
        for (int i = 0; i < count; i++) {
            int inFlight = limit.getLimit();
            limit.onSample(now, latencyMs * MS, inFlight, false);
            now += latencyMs * MS / inFlight;
        }
        return limit.getLimit();
    }

    public static void main(String[] args) {
        int healthy = samples(5000, 10);
        long outage = now;
        int after60 = samples(60, 1000);
        int after500 = samples(440, 1000);
        long full = 0;
        int after1000 = after500;
        for (int i = 0; i < 500; i++) {
            after1000 = samples(1, 1000);
            if (full == 0 && after1000 == healthy) full = now;
        }
        System.out.println("healthy:             limit " + healthy);
        System.out.println("60 samples slow:     limit " + after60);
        System.out.println("500 samples slow:    limit " + after500);
        System.out.println("1000 samples slow:   limit " + after1000 + ", with every call at 1000 ms");
        System.out.println("simulated time from the start of the outage to the maximum: " + (full - outage) / (1000 * MS) + " s");
        boolean asDescribed = healthy == 200 && after60 <= 25 && after1000 == 200;
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
timeout 100 java -cp 'lib/*' Finding.java
