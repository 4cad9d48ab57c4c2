"""Replays cases on a Conductor server and compares each step with what the conformance program
recorded. Started by scripts/conductor-live, which says what the arguments are."""

import argparse
import json
import pathlib
import sys
import tempfile

import compare
from replay import Replay
from server import Server
from services import Services

# The server's threads race where ours has one order: what it does in one of some runs, it does.
TRIES = 3


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--clock", required=True)
    parser.add_argument("--folder", required=True, help="for the server's files")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--set", action="append", default=[], help="a setting of the server")
    parser.add_argument("--values", action="store_true",
                        help="also print where inputs, outputs, reasons and counts differ")
    parser.add_argument("cases", nargs="+", help="FOLDER=RECORD, both of the conformance program")
    return parser.parse_args()


def replay_folder(server, services, folder, record, only, show_values):
    ours = {}
    for line in record.read_text().splitlines():
        entry = json.loads(line)
        ours.setdefault(entry["case"], []).append(entry["at"])
    file = json.loads((folder / "cases.json").read_text())
    base = []
    if file.get("taskDefsBase"):
        base = json.loads((folder / file["taskDefsBase"]).read_text())
    known = known_differences()
    agree = total = same_values = unknown = 0
    for case in file["cases"]:
        if only and case["id"] not in only:
            continue
        for attempt in range(1, TRIES + 1):
            rows, values = replay_case(server, services, folder, case, base,
                                       ours.get(case["id"], []))
            if not rows:
                break
        total += 1
        agree += not rows
        same_values += not rows and not values
        unknown += bool(rows) and case["id"] not in known
        word = "agrees" if not rows else "known" if case["id"] in known else "differs"
        again = f" (at try {attempt})" if not rows and attempt > 1 else ""
        print(f"{word:8} {case['id']}  {case['title']}{again}", flush=True)
        for line in rows + (values if show_values else []):
            print(f"    {line}", flush=True)
    return agree, total, same_values, unknown


def known_differences():
    lines = pathlib.Path(__file__).with_name("known.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def replay_case(server, services, folder, case, base, ours):
    replay = Replay(server, services, folder, case, base, ours)
    problem = []
    try:
        replay.run()
    except Exception as error:  # the case goes no further there: a difference as any other
        problem = [f"{type(error).__name__}: {error}"]
    rows, values = compare.compare_steps(ours, replay.steps)
    return rows + problem, values


def main():
    options = arguments()
    settings = dict(setting.split("=", 1) for setting in options.set)
    server = Server(options.java, options.jar, options.clock, options.folder, settings)
    try:
        server.wait_until_ready()
        services = Services()
        sums = [0, 0, 0, 0]
        for pair in options.cases:
            folder, record = pair.rsplit("=", 1)
            counts = replay_folder(server, services, pathlib.Path(folder), pathlib.Path(record),
                                   options.only, options.values)
            sums = [a + b for a, b in zip(sums, counts)]
        agree, total, same_values, unknown = sums
        print(f"{agree} of {total} cases agree in every status and row, {same_values} of them in"
              f" every input, output, reason and count; {total - agree - unknown} differ as known,"
              f" {unknown} otherwise")
        return 1 if unknown else 0
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
