#!/usr/bin/python3
"""The 3-tier model of three_tier_model.hpp in SimPy: Debian's python3-simpy (2.3, module SimPy) or
SimPy 3 and newer (module simpy). Prints the line of JSON described in README.md."""

import argparse
import json
import random
import sys
import time

REPLICAS = (2, 4, 2)
SERVICE = (0.004, 0.040, 0.008)
THREADS = 4
HOP = 0.0001

try:
    import simpy
except ImportError:
    simpy = None
    try:
        from SimPy import Simulation as simpy2
    except ImportError:
        sys.exit("SimPy is not installed (Debian: python3-simpy)")


class Responses:
    def __init__(self):
        self.count = 0
        self.total = 0.0

    def add(self, response):
        self.count += 1
        self.total += response


def run_simpy3(requests, interval, responses):
    env = simpy.Environment()
    tiers = [[simpy.Resource(env, THREADS) for _ in range(n)] for n in REPLICAS]
    hops = len(REPLICAS)

    def request():
        start = env.now
        for tier, replicas in enumerate(tiers):
            yield env.timeout(HOP)
            station = random.choice(replicas)
            with station.request() as thread:
                yield thread
                yield env.timeout(SERVICE[tier])
        for _ in range(hops):
            yield env.timeout(HOP)
        responses.add(env.now - start)

    def clients():
        for _ in range(requests):
            yield env.timeout(interval)
            env.process(request())

    env.process(clients())
    env.run()


def run_simpy2(requests, interval, responses):
    hold, use, release = simpy2.hold, simpy2.request, simpy2.release

    class Request(simpy2.Process):
        def run(self):
            start = world.now()
            for tier, replicas in enumerate(tiers):
                yield hold, self, HOP
                station = random.choice(replicas)
                yield use, self, station
                yield hold, self, SERVICE[tier]
                yield release, self, station
            for _ in REPLICAS:
                yield hold, self, HOP
            responses.add(world.now() - start)

    class Clients(simpy2.Process):
        def run(self):
            for _ in range(requests):
                yield hold, self, interval
                request = Request(sim=world)
                world.activate(request, request.run())

    world = simpy2.Simulation()
    world.initialize()
    tiers = [[simpy2.Resource(capacity=THREADS, sim=world) for _ in range(n)] for n in REPLICAS]
    clients = Clients(sim=world)
    world.activate(clients, clients.run())
    world.simulate(until=requests * interval * 2 + 1000)


def peak_memory_bytes():
    with open("/proc/self/status", encoding="utf-8") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def main():
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}

    def duration(text):
        for unit, seconds in units.items():
            if text.endswith(unit) and text[: -len(unit)].isdigit():
                return int(text[: -len(unit)]) * seconds
        raise argparse.ArgumentTypeError(f"'{text}': expected a duration such as 5ms")

    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--interval", type=duration, default=0.005)
    options = parser.parse_args()

    random.seed(1)
    responses = Responses()
    start = time.perf_counter()
    run = run_simpy3 if simpy else run_simpy2
    run(options.requests, options.interval, responses)
    wall = time.perf_counter() - start
    print(json.dumps({
        "benchmark": "three-tier",
        "subject": "simpy",
        "unit": "request",
        "count": responses.count,
        "wall_seconds": wall,
        "per_second": responses.count / wall,
        "nanoseconds_each": wall / responses.count * 1e9,
        "mean_response_ms": responses.total / responses.count * 1e3,
        "peak_memory_bytes": peak_memory_bytes(),
    }))


if __name__ == "__main__":
    main()
