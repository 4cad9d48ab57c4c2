#!/usr/bin/env bash
# Alibaba Sentinel, sentinel-core@1.8.8 (Maven): a breaker on error ratio 1.0 never opens, although every call fails.
#
# Expected: "open when everything fails" is a natural setting for a dependency with many expected errors. The documentation
# gives the range of the threshold for the error ratio as [0.0, 1.0], "0 % - 100 %", and DegradeRuleManager.isValidRule
# accepts 1.0.
# Happens: the ratio must be strictly greater than the threshold, and no ratio is greater than 1. The rule loads, is called
# valid, and does nothing. The slow-request strategy has a special case for a ratio of 1.0; the error ratio has none.
# For the same reason an error COUNT of 10 opens at the 11th error.
# That the ratio must be greater is documented; that the end of the documented range switches the breaker off is not.
#
# Seen (1000 calls, each of which fails):
#   error ratio 0.99: valid = true, 5 calls went through, 995 were blocked
#   error ratio 1.0: valid = true, 1000 calls went through, 0 were blocked
#   error count 10: valid = true, 11 calls went through, 989 were blocked
#
# Needs a JDK 17 and Maven. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.alibaba.csp</groupId><artifactId>sentinel-core</artifactId><version>1.8.8</version></dependency>
  </dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > Finding.java <<'JAVA'
import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.Tracer;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import java.util.List;

public class Finding {
    /** How many of 1000 calls that all fail go through. */
    static int through(String title, int strategy, double threshold) {
        DegradeRule rule = new DegradeRule(title).setGrade(strategy).setCount(threshold)
            .setMinRequestAmount(5).setStatIntervalMs(60_000).setTimeWindow(60);
        DegradeRuleManager.loadRules(List.of(rule));
        int through = 0;
        for (int i = 0; i < 1000; i++) {
            Entry entry = null;
            try {
                entry = SphU.entry(title);
                through++;
                Tracer.traceEntry(new RuntimeException("the dependency is down"), entry);
            } catch (BlockException blocked) {
                // rejected by the breaker
            } finally {
                if (entry != null) entry.exit();
            }
        }
        System.out.println(title + ": valid = " + DegradeRuleManager.isValidRule(rule) + ", " + through
            + " calls went through, " + (1000 - through) + " were blocked");
        return through;
    }

    public static void main(String[] args) {
        int below = through("error ratio 0.99", RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO, 0.99);
        int one = through("error ratio 1.0", RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO, 1.0);
        int count = through("error count 10", RuleConstant.DEGRADE_GRADE_EXCEPTION_COUNT, 10);
        boolean asDescribed = below == 5 && one == 1000 && count == 11;
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
timeout 100 java -Dcsp.sentinel.log.dir="$dir/log" -cp 'lib/*' Finding.java | grep -v '^INFO: Sentinel log'
