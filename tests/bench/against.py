#!/usr/bin/python3
"""Runs an older soundcheck_bench beside today's, in pairs, and prints how fast today's is in units
of the older one's speed: median, lowest and highest of the rounds.

The two programs of a pair run one after the other, and who goes first changes from round to round:
a machine that slows down for a while then slows both. Each runs in its own checkout, so that a
scenario is read in the form that the program understands."""

import argparse
import json
import os
import statistics
import subprocess
import sys

MARK = os.path.join("scenarios", "payments-outage.yaml")


def measurements(requests):
    """(what it says, arguments of soundcheck_bench)"""
    for kernel in ("direct", "flow"):
        yield (f"3-tier {kernel}, requests/s",
               ["three-tier", "--kernel", kernel, "--requests", str(requests)])
    yield "payments-outage, sagas/s", ["payments-outage", "--kernel", "direct"]
    yield "orchestrator, tasks/s", ["tasks", "--kernel", "direct"]


def checkout_of(program):
    """The folder in which a program finds its scenarios: the nearest one above it."""
    folder = os.path.dirname(program)
    while not os.path.exists(os.path.join(folder, MARK)):
        if folder == os.path.dirname(folder):
            sys.exit(f"{program}: no folder above it has {MARK}; build it in its checkout")
        folder = os.path.dirname(folder)
    return folder


def program_at(path):
    program = os.path.abspath(path)
    if os.path.isdir(program):
        program = os.path.join(program, "soundcheck_bench")
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is no program; name a soundcheck_bench, or the folder that it is in")
    return program


def speed(program, arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True,
                          cwd=checkout_of(program))
    if done.returncode:
        complaint = done.stderr.strip() or f"exit code {done.returncode}"
        sys.exit(f"{program} {' '.join(arguments)}: {complaint}")
    return json.loads(done.stdout.splitlines()[-1])["per_second"]


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", required=True, metavar="PROGRAM",
                        help="the older soundcheck_bench, in the checkout that it was built in")
    parser.add_argument("--today", required=True, metavar="PROGRAM", help="today's")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of each kind (default 7)")
    parser.add_argument("--requests", type=int, default=500_000,
                        help="of the 3-tier model (default 500000)")
    parser.add_argument("-o", "--output", help="also write the ratios as JSON to this file")
    options = parser.parse_args()
    if options.rounds < 1 or options.requests < 1:
        parser.error("--rounds and --requests must be at least 1")
    today, before = program_at(options.today), program_at(options.against)

    every = list(measurements(options.requests))
    speeds = {text: [] for text, _ in every}
    for turn in range(options.rounds):
        for text, arguments in every:
            show_progress(f"round {turn + 1} of {options.rounds}: {text}")
            first, second = (today, before) if turn % 2 else (before, today)
            pair = (speed(first, arguments), speed(second, arguments))
            speeds[text].append(pair if turn % 2 else (pair[1], pair[0]))
    show_progress("")
    show_progress("\r")

    print(f"today : {before}")
    print(f"{'ratio of ' + str(options.rounds) + ' pairs':<32}{'median':>8}{'lowest':>8}"
          f"{'highest':>9}{'today, median':>16}")
    result = {}
    for text, pairs in speeds.items():
        ratios = [now / then for now, then in pairs]
        result[text] = {"median": statistics.median(ratios), "lowest": min(ratios),
                        "highest": max(ratios), "today": [now for now, _ in pairs],
                        "before": [then for _, then in pairs]}
        print(f"{text:<32}{statistics.median(ratios):>8.3f}{min(ratios):>8.3f}{max(ratios):>9.3f}"
              f"{statistics.median(now for now, _ in pairs):>16,.0f}")
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            json.dump({"rounds": options.rounds, "against": before, "ratios": result}, file,
                      indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
