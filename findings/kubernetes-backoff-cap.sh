#!/usr/bin/env bash
# k8s.io/apimachinery@0.37.2 (Go module): wait.Backoff with a Cap gives up when it reaches the cap.
#
# Expected: Backoff{Duration: 50ms, Factor: 2, Steps: 20, Cap: 400ms} makes 20 tries; the pauses grow to 400 ms and stay there,
# about 7 s in all. That is what a cap means in the back-off of every other library, and why one sets it: to try for long, but
# not with long pauses.
# Happens: the pause that is cut by the cap sets the remaining steps to zero. Four tries in 0.75 s, then "timed out waiting for
# the condition". Whoever adds a cap to a controller's retry to survive a longer outage shortens it: without a cap the same
# 20 steps would go on for hours. Steps is not what limits the tries, and a larger value changes nothing.
# Documented in the comments of the field and of the function; the names suggest the usual meaning.
#
# Seen:
#   20 steps, cap 400 ms: 4 tries in 0.8 s (timed out waiting for the condition)
#   90 steps, cap 400 ms: 4 tries in 0.8 s (timed out waiting for the condition)
#    6 steps, no cap:     6 tries in 1.6 s (timed out waiting for the condition)
#
# Needs Go 1.26 or one that fetches it. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
module=k8s.io/apimachinery version=0.37.2
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

func tries(title string, backoff wait.Backoff) int {
	n, start := 0, time.Now()
	err := wait.ExponentialBackoffWithContext(context.Background(), backoff, func(context.Context) (bool, error) {
		n++
		return false, nil // not yet
	})
	fmt.Printf("%s %d tries in %.1f s (%v)\n", title, n, time.Since(start).Seconds(), err)
	return n
}

func main() {
	const start, limit = 50 * time.Millisecond, 400 * time.Millisecond
	twenty := tries("20 steps, cap 400 ms:", wait.Backoff{Duration: start, Factor: 2, Steps: 20, Cap: limit})
	ninety := tries("90 steps, cap 400 ms:", wait.Backoff{Duration: start, Factor: 2, Steps: 90, Cap: limit})
	free := tries(" 6 steps, no cap:    ", wait.Backoff{Duration: start, Factor: 2, Steps: 6})
	if twenty == 4 && ninety == 4 && free == 6 {
		fmt.Println("as described")
		return
	}
	fmt.Println("NOT as described")
	os.Exit(1)
}
GO
{
    go mod init finding
    go get "$module@v$version"
    go mod tidy
    go build -o finding .
} >install.log 2>&1 || { echo "could not install"; exit 2; }
timeout 60 ./finding
