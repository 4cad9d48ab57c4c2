#!/usr/bin/python3
"""Runs the benchmark programs several times, interleaved, and prints medians and ratios.

A ratio is formed within each round, between programs that ran seconds apart, and its median is
printed: a machine that slows down for a while then slows both sides. Beside it stands the ratio of
each side's best round, which a busy neighbour disturbs least. What a program prints is
described in README.md."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OVERLOAD = "2380952ns"  # 420 requests a second; s1 can serve 4 * 4 / 40 ms = 400
MOST_MEGABYTES = 100  # for 10^6 requests
MEANS = {"mm1": (500.0, 0.02), "three-tier": (53.3565, 0.005)}  # in ms, and how far off is wrong


class Measurement:
    """One program with its arguments. `once` is for what needs no median, such as memory."""

    def __init__(self, key, *command, once=False, checked=True):
        self.key, self.command, self.once, self.checked = key, command, once, checked
        self.lines = []  # one a round; None where it could not run
        self.problem = None

    def run(self, programs):
        name = self.command[0]
        python = name.endswith(".py")
        path = os.path.join(HERE if python else programs, name)
        if not os.path.exists(path):
            self.problem = f"{name} is not built"
            return
        command = (["/usr/bin/python3"] if python else []) + [path, *self.command[1:]]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            complaint = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            self.lines.clear()
            self.problem = f"{' '.join(self.command[:2])}: {complaint[-1]}"
            return
        line = json.loads(done.stdout.splitlines()[-1])
        self.lines.append(line)
        expected, tolerance = MEANS.get(line["benchmark"], (None, 0))
        if self.checked and expected:
            mean = line["mean_response_ms"]
            if abs(mean / expected - 1) > tolerance:
                self.lines.clear()
                self.problem = f"WRONG: mean response {mean:.3f} ms, expected {expected} ms"

    def median(self, field):
        return statistics.median(line[field] for line in self.lines)


def measurements():
    ours = "soundcheck_bench"
    both = ("direct", "flow")
    yield Measurement("timers heap", "heap_loop", "--events", "5000000")
    for kernel in both:
        yield Measurement(f"timers {kernel}", ours, "timers", "--kernel", kernel,
                          "--events", "5000000")
    yield Measurement("mm1 heap", "mm1_heap", "--requests", "3000000")
    for kernel in both:
        yield Measurement(f"mm1 {kernel}", ours, "mm1", "--kernel", kernel)
    for network in ("flows", "constant"):
        for what in ("messages", "waits"):
            yield Measurement(f"{what} simgrid-{network}", "simgrid_costs", "--what", what,
                              "--network", network, "--count", "300000")
        yield Measurement(f"three-tier simgrid-{network}", "three_tier_simgrid", "--network",
                          network, "--requests", "100000")
    for kernel in both:
        yield Measurement(f"three-tier {kernel}", ours, "three-tier", "--kernel", kernel,
                          "--requests", "1000000")
    yield Measurement("three-tier heap", "three_tier_heap")
    yield Measurement("three-tier simpy", "three_tier_simpy.py", "--requests", "20000")
    yield Measurement("overload heap", "three_tier_heap", "--requests", "100000",
                      "--interval", OVERLOAD, checked=False)
    yield Measurement("overload simgrid-flows", "three_tier_simgrid", "--requests", "100000",
                      "--interval", OVERLOAD, checked=False)
    for kernel in both:
        yield Measurement(f"overload {kernel}", ours, "three-tier", "--kernel", kernel,
                          "--requests", "100000", "--interval", OVERLOAD, checked=False)
    yield Measurement("payments-outage direct", ours, "payments-outage", "--kernel", "direct")
    yield Measurement("payments-outage flow", ours, "payments-outage", "--kernel", "flow")
    yield Measurement("tasks direct", ours, "tasks", "--kernel", "direct")
    for kernel in both:
        for load, interval in (("below capacity", "5ms"), ("over capacity", OVERLOAD)):
            yield Measurement(f"memory {kernel}, {load}", ours, "three-tier", "--kernel", kernel,
                              "--requests", "1000000", "--interval", interval,
                              once=True, checked=load == "below capacity")


def quotient(over, under):
    """The cost of `over` in units of the cost of `under`, round by round; `costs` maps a
    measurement's key to what it cost in each round."""
    def form(costs):
        return [first / second for first, second in zip(costs[over], costs[under])]
    return form


def yardstick(network):
    """How much of 1 / (6 mailbox messages + 3 waits) the hand-written actors reach."""
    def form(costs):
        triples = zip(*(costs[f"{what} simgrid-{network}"]
                        for what in ("messages", "waits", "three-tier")))
        return [(6 * message + 3 * wait) / request for message, wait, request in triples]
    return form


def ratios():
    """(what it says, how it is formed, bound that issue and design ask for, or None)"""
    for kernel in ("direct", "flow"):
        yield (f"cost of a timer event, {kernel} : bare heap",
               quotient(f"timers {kernel}", "timers heap"), None)
    for kernel in ("direct", "flow"):
        yield (f"cost of an M/M/1 request, {kernel} : bare heap",
               quotient(f"mm1 {kernel}", "mm1 heap"), None)
    yield "SimGrid actors (flows) : their bound, 6 messages + 3 waits", yardstick("flows"), 0.8
    yield "SimGrid actors (constant) : their bound", yardstick("constant"), 0.8
    for kernel, least in (("direct", 15), ("flow", 1.5)):
        yield (f"3-tier speed, {kernel} : SimGrid actors (flows)",
               quotient("three-tier simgrid-flows", f"three-tier {kernel}"), least)
        for other in ("simgrid-constant", "simpy", "heap"):
            yield (f"3-tier speed, {kernel} : {other}",
                   quotient(f"three-tier {other}", f"three-tier {kernel}"), None)
    for kernel, least in (("direct", 0.5), ("flow", 0.5), ("simgrid-flows", None), ("heap", None)):
        yield (f"3-tier speed, {kernel}, 5 % over : below capacity",
               quotient(f"three-tier {kernel}", f"overload {kernel}"), least)


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="folder of the built programs")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each program (default 7)")
    parser.add_argument("-o", "--output", help="also write everything as JSON to this file")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")

    every = list(measurements())
    for turn in range(options.rounds):
        for measurement in every:
            if measurement.problem or (measurement.once and turn):
                continue
            show_progress(f"round {turn + 1} of {options.rounds}: {measurement.key}")
            measurement.run(options.programs)
    show_progress("")
    show_progress("\r")
    report(every, options)
    if any(m.problem and m.problem.startswith("WRONG") for m in every):
        sys.exit(1)


def report(every, options):
    costs = {m.key: [line["nanoseconds_each"] for line in m.lines] for m in every}
    bests = {key: [min(each)] if each else [] for key, each in costs.items()}
    result = {"machine": {"processor": processor(), "cores": os.cpu_count()},
              "rounds": options.rounds, "medians": {}, "ratios": {}, "skipped": {}}

    print(f"{'median of ' + str(options.rounds):<34}{'ns each':>12}{'a second':>14}"
          f"{'peak MB':>10}{'mean ms':>12}")
    for m in every:
        if m.problem:
            result["skipped"][m.key] = m.problem
            continue
        fields = ("nanoseconds_each", "per_second", "peak_memory_bytes", "mean_response_ms")
        medians = {field: m.median(field) for field in fields if field in m.lines[0]}
        result["medians"][m.key] = {"unit": m.lines[0]["unit"], **medians}
        mean = medians.get("mean_response_ms")
        print(f"{m.key:<34}{medians['nanoseconds_each']:>12,.1f}{medians['per_second']:>14,.0f}"
              f"{medians['peak_memory_bytes'] / 1e6:>10.1f}"
              f"{'' if mean is None else format(mean, ',.3f'):>12}  {m.lines[0]['unit']}")

    print(f"\n{'ratio':<58}{'median':>8}  {'lowest, highest':<16}{'of bests':>9}{'wanted':>14}")
    for text, form, least in ratios():
        values = form(costs)
        if not values:
            continue
        median, best = statistics.median(values), form(bests)[0]
        verdict = "" if least is None else f">= {least}: {'yes' if median >= least else 'NO'}"
        result["ratios"][text] = {"median": median, "lowest": min(values), "highest": max(values),
                                  "of_bests": best, "at_least": least}
        spread = f"{min(values):.3g}, {max(values):.3g}"
        print(f"{text:<58}{median:>8.3g}  {spread:<16}{best:>9.3g}{verdict:>14}")

    for m in every:
        if m.key.startswith("memory") and m.lines:
            megabytes = m.median("peak_memory_bytes") / 1e6
            verdict = f"<= {MOST_MEGABYTES}: {'yes' if megabytes <= MOST_MEGABYTES else 'NO'}"
            text = f"peak memory of 10^6 requests in MB,{m.key.removeprefix('memory')}"
            print(f"{text:<58}{megabytes:>8.3g}{verdict:>41}")

    if result["skipped"]:
        print()
    for key, problem in result["skipped"].items():
        print(f"skipped: {key}: {problem}")
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)
            file.write("\n")


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
