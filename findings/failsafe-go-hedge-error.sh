#!/usr/bin/env bash
# failsafe-go@0.9.8 (Go module): a hedge that fails fast turns a call that would have succeeded into a failure.
#
# Expected: hedging sends a second attempt when the first one is slow, and takes the first success. It costs load, it can only
# help: a call fails when all attempts fail.
# Happens: by default the first attempt that RETURNS decides, also with an error, and the others are cancelled. A replica that
# is down refuses in microseconds, so it always wins against the healthy one that is merely slow. With one of two replicas
# down, hedging lowers the success rate of slow calls to that of the dead replica: the policy does the most harm in the
# outage for which it was added.
# Documented ("the first execution result or error"); CancelIf with a predicate on the error is the remedy.
#
# Seen (the first attempt answers 42 after 200 ms, a hedge starts after 50 ms and goes to a replica that refuses):
#   no hedge:                      42, error <nil>
#   hedge, default:                0, error connection refused
#   hedge, cancel on success only: 42, error <nil>
#
# Needs Go 1.26 or one that fetches it. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
module=github.com/failsafe-go/failsafe-go version=0.9.8
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > main.go <<'GO'
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/hedgepolicy"
)

var errRefused = errors.New("connection refused")

// The first attempt meets a slow replica, every further one a replica that is down.
func call(attempt failsafe.Execution[int]) (int, error) {
	if attempt.IsHedge() {
		return 0, errRefused
	}
	select {
	case <-time.After(200 * time.Millisecond):
		return 42, nil
	case <-attempt.Canceled():
		return 0, errors.New("cancelled")
	}
}

func main() {
	const delay = 50 * time.Millisecond
	onSuccess := hedgepolicy.NewBuilderWithDelay[int](delay).CancelIf(func(_ int, err error) bool { return err == nil })

	plain, plainErr := failsafe.With[int]().GetWithExecution(call)
	hedged, hedgedErr := failsafe.With[int](hedgepolicy.NewWithDelay[int](delay)).GetWithExecution(call)
	right, rightErr := failsafe.With[int](onSuccess.Build()).GetWithExecution(call)
	fmt.Printf("no hedge:                      %d, error %v\n", plain, plainErr)
	fmt.Printf("hedge, default:                %d, error %v\n", hedged, hedgedErr)
	fmt.Printf("hedge, cancel on success only: %d, error %v\n", right, rightErr)
	if plain == 42 && errors.Is(hedgedErr, errRefused) && right == 42 && rightErr == nil {
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
