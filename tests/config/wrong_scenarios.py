"""Scenario files with one mistake each, as people make them: name -> what is wrong in it. HEAD makes them whole."""

HEAD = "soundcheck: 1\nfidelity: direct\n"
LOAD = "workload: [ { arrivals: poisson(5/s), mix: { subscribe: 1 } } ]\n"
OWN = """architecture: own
workflows: [ { name: w, version: 1, schemaVersion: 2, tasks: [ { name: a, taskReferenceName: a, type: SIMPLE } ] } ]
"""


def head(**values):
    return {name.replace("_", "-"): HEAD + text for name, text in values.items()}


def each(what, text):
    """Files that differ in what stands in place of @."""
    return lambda *values: {f"{what} {value!r}": HEAD + text.replace("@", value) for value in values}


durations = each("duration", "duration: @\n")
arrivals = each("arrivals", "workload: [ { arrivals: '@', mix: { subscribe: 1 } } ]\n")
loads = each("load", "workload: [ { @ } ]\n")
faults = each("fault", LOAD + "faults: [ { @ } ]\n")
expectations = each("expect", LOAD + "expect: { @ }\n")
services = each("services", "services: { @ }\n")
steps = each("step", "services: { a: { declared: { endpoints: { g: [ { @ } ] } } } }\n")
own = each("own", OWN + "@\n")


CRASH = "kind: process.crash, target: { service: payments }"
ERROR = "at: 1s, for: 2s, kind: rpc.error, target: { service: payments }"

WRONG = {
    "version 2": "soundcheck: 2\n",
    "no version": "duration: 5s\n",
    "a list": "- soundcheck\n",
    "a text": "soundcheck\n",
    **head(unknown_field="fault: []\n",
           unknown_fidelity="fidelity_: exact\n",
           unknown_architecture="architecture: mine\n",
           unknown_defect="defects: [capture_without_keys]\n",
           defects_as_text="defects: capture_without_key\n",
           seed_text="seed: seven\n",
           seed_negative="seed: -5\n",
           seed_too_large="seed: 18446744073709551616\n",
           seed_of_nothing="seed:\n",
           seed_exponent="seed: 1e3\n",
           seed_list="seed: [1]\n",
           name_with_a_slash="name: a/b\n",
           name_of_two_lines='name: "a\\nb"\n',
           settle_word="settle: never\n",
           settle_zero="settle: 0s\n",
           users_zero="population: { users: 0 }\n",
           users_negative="population: { users: -1 }\n",
           users_fraction="population: { users: 1.5 }\n",
           users_too_many="population: { users: 999999999999 }\n",
           cpu_typo="hosts: { cpu: shard }\n",
           cores_zero="hosts: { cores: 0 }\n",
           speed_zero="hosts: { speed: 0 }\n",
           bandwidth_zero="hosts: { link: { bandwidth: 0Gbps } }\n",
           bandwidth_bytes="hosts: { link: { bandwidth: 1GB } }\n",
           disk_without_unit="hosts: { disk: 100 }\n",
           topology_typo="topology: { zone: { z: {} } }\n",
           region_unknown="topology: { regions: { europe: {} }, zones: { z: { region: eurpoe } } }\n"),
    **durations("5", "-5s", "0s", "5S", "'5,5s'", "1:30", "five seconds", "[5s]", "5mo", "300y"),
    **arrivals("poisson(0/s)", "poisson(-1/s)", "poisson(5)", "poisson(5/week)", "poisson 5/s", "poisson(5/s", "poisson()",
               "poisson(5%)", "gauss(5/s)", "every 0s", "Poisson(5/s)"),
    **loads("arrivals: poisson(5/s), mix: {}", "arrivals: poisson(5/s), mix: { subscribe: -1 }",
            "arrivals: poisson(5/s), mix: { subscribe: one }", "arrivals: poisson(5/s), mix: { subscrib: 1 }",
            "arrivals: poisson(5/s), mix: [subscribe]", "arrivals: poisson(5/s), clients: 5, mix: { subscribe: 1 }",
            "mix: { subscribe: 1 }", "clients: 0, mix: { subscribe: 1 }", "clients: 1.5, mix: { subscribe: 1 }",
            "clients: 5, think: -3s, mix: { subscribe: 1 }", "clients: 5, think: soon, mix: { subscribe: 1 }",
            "arrivals: poisson(5/s), mix: { subscribe: 1 }, shape: [[0s]]",
            "arrivals: poisson(5/s), mix: { subscribe: 1 }, shape: [[0s, -10%]]"),
    **faults("", "at: 1s", CRASH, "at: 1s, when: { saga: subscribe }, " + CRASH, "at: -1s, " + CRASH, "every: 0s, " + CRASH,
             "at: 1s, kind: process.crashh, target: { service: payments }",
             "at: 1s, kind: process.crash, target: { service: paymentz }",
             "at: 1s, kind: process.crash, target: { servise: payments }",
             "at: 1s, kind: process.crash, target: { service: payments, replica: onee }",
             "at: 1s, kind: process.crash, target: { service: payments, replica: -1 }",
             "at: 1s, kind: process.crash, target: { service: payments, replica: 99 }",
             "at: 1s, for: 5s, " + CRASH, "at: 1h, " + CRASH,
             ERROR + ", probability: 200%", ERROR + ", probability: 0.5", ERROR + ", probability: -5%",
             ERROR + ", status: 200", ERROR + ", status: teapot",
             "when: {}", "when: { saga: subscribee }, " + CRASH, "when: { phase: after-comit }, " + CRASH,
             "when: { step: charge_paymnt }, " + CRASH, "when: { saga: subscribe, chance: 150% }, " + CRASH,
             "when: { saga: subscribe, occurrences: 0 }, " + CRASH, "when: { service: paymentz }, " + CRASH,
             "at: 1s, for: 1s, kind: zone.down, target: { zone: zone-1 }",
             'name: "a\\e[31mb", at: 1s, ' + CRASH, "name: a, at: 1s, " + CRASH + " }, { name: a, at: 2s, " + CRASH),
    **expectations('slo: [ { request: subscribe, success: ">= 101%" } ]', "slo: [ { request: subscribe, success: 99% } ]",
                   'slo: [ { request: subscrib, p99: "< 5ms" } ]', "slo: [ { request: subscribe } ]",
                   'slo: [ { request: subscribe, p100: "< 5ms" } ]', 'slo: [ { request: subscribe, p99: "< 5MB" } ]',
                   'slo: [ { request: subscribe, p99: "< 5ms", during: fault } ]',
                   'slo: [ { request: subscribe, p99: "< 5ms", during: faults } ]',
                   'slo: [ { request: subscribe, goodput: ">= 5" } ]', "invariants: [P99]", "invariants: some",
                   "sagas: { stuck: -1 }", "sagas: { stuck: few }", "sagas: { stucked: 0 }", "recovery: { within: 0s }",
                   "recovery: { within: -3s }", "may-fail: maybe",
                   'workflows: [ { workflow: nope, completed: ">= 50%" } ]'),
    **services("paymentz: { replicas: 2 }", "payments: { replicas: 0 }", "payments: { replicas: 2.5 }",
               "payments: { workers: 0 }", "payments: { queue: -1 }", "payments: { database: { fsync: sometimes } }",
               "payments: { database: { connections: 0 } }", "payments: { calls: { auht: { timeout: 1s } } }",
               "payments: { calls: { auth: { timeout: 0s } } }",
               "payments: { calls: { auth: { retry: { attempts: 0 } } } }",
               "payments: { calls: { auth: { breaker: { errors: 150% } } } }", "psp: { replicas: 2 }",
               "'a b': { declared: { endpoints: { g: [ { compute: 1ms } ] } } }",
               "a: { declared: {} }"),
    **steps("compute: 1ms, call: payments.capture", "compute: -1ms", "compute: fast", "call: nowhere", "call: b.g",
            "wait: 5ms", "read: { rows: -1 }", "fail: {}", "compute: 'uniform(5ms)'", "compute: 'exponential(5)'",
            "compute: 'lognormal(median 3ms, p99 12)'", "compute: 'triangular(1ms, 2ms)'"),
    **own("workers: { b: [ { time: 10ms } ] }", "workers: { a: [] }", "workers: { a: [ { time: -10ms } ] }",
          "workers: { a: [ { status: DONE } ] }", "workers: { a: 10ms }",
          "workers: { a: [ { time: 1s } ] }\ntasks: [ { name: a, retryCount: three } ]",
          "workers: { a: [ { time: 1s } ] }\ntasks: [ { name: a, retryCount: -1 } ]",
          "workers: { a: [ { time: 1s } ] }\ntasks: [ { name: a, timeoutPolicy: RETRYY } ]"),
}
