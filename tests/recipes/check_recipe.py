"""check_recipe.py RECIPE SOURCES BUILD: does what the recipe says in a copy of the sources, with scripts/new.

The files that are new or changed are compiled and linked with the libraries of the build (which is not touched), and what they
add is tried: its test, and the program itself. Prints how many files the recipe takes.
"""
import filecmp
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

FOLDERS = ["cmake", "cli", "faults", "models", "reports", "scenarios", "scripts", "sim", "tests"]


def run(command, **options):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\n{done.stdout}\nexit code {done.returncode}")
    return done.stdout


class Scratch:
    """A copy of the sources, and programs made of the build's libraries and of the copy's files."""

    def __init__(self, sources, build, folder):
        self.sources, self.build = sources, build
        self.root, self.objects = folder / "copy", folder
        for name in FOLDERS:
            ignored = shutil.ignore_patterns("cases", "__pycache__")
            shutil.copytree(sources / name, self.root / name, ignore=ignored)
        shutil.copy(sources / "CMakeLists.txt", self.root)

    def new(self, *arguments):
        print(run([self.root / "scripts" / "new", *arguments]), end="")

    def changed(self):
        """Files of the copy that are not as they were, as paths from the root."""
        files = [file.relative_to(self.root) for file in self.root.rglob("*") if file.is_file()]
        return sorted(str(file) for file in files
                      if not (self.sources / file).exists()
                      or not filecmp.cmp(self.sources / file, self.root / file, shallow=False))

    def commands(self, target):
        lines = run(["ninja", "-C", self.build, "-t", "commands", target]).splitlines()
        return [line for line in lines if not line.startswith("ninja:")]

    def compile(self, target, name, files):
        """One object of these files of the copy, compiled as the files of the target are."""
        unit = self.objects / f"{name}.cpp"
        unit.write_text("".join(f'#include "{file}"\n' for file in files))
        like = next(line for line in self.commands(target) if " -c " in line and f"/{target_name(target)}.dir/" in line)
        words = shlex.split(like.split(" && ")[-1])
        kept, skip = [], False
        for word in words[: words.index("-c")]:
            if skip or word == "-MD":
                skip = False
            elif word in ("-o", "-MT", "-MF"):
                skip = True
            else:
                kept.append(f"-I{self.root}" if word == f"-I{self.sources}" else word)
        output = self.objects / f"{name}.o"
        run([*kept, "-O0", "-c", unit, "-o", output], cwd=self.build)
        return output

    def embed(self):
        """The texts of models/services, compiled into the program as CMake does it."""
        texts = sorted(map(str, (self.root / "models/services").rglob("*.sql")))
        output = self.objects / "embedded.cpp"
        run(["cmake", "-DFUNCTION=soundcheck::services::embedded_sql", "-DHEADER=models/services/common/embedded.hpp",
             f"-DROOT={self.root}/models/services", f"-DFILES={'|'.join(texts)}", f"-DOUTPUT={output}",
             "-P", self.root / "cmake/embed.cmake"])
        return output

    def link(self, target, objects):
        """The target's program with these objects before its libraries; the build's own objects of the target are left out
        when it is a test, whose files are among them."""
        words = shlex.split(self.commands(target)[-1].split(" && ")[1])
        program = self.objects / target_name(target)
        own = target.startswith("tests/")
        kept = [word for word in words
                if word != "-Wl,--fat-lto-objects" and not (own and word.endswith(".o"))]
        kept[kept.index("-o") + 1] = str(program)
        run([kept[0], *map(str, objects), *kept[1:], "-Wl,--allow-multiple-definition"], cwd=self.build)
        return program


def target_name(target):
    return target.rsplit("/", 1)[-1]


def outside_of(folder, files):
    return [file for file in files if not file.startswith(folder + "/")]


def check_count(what, files, most):
    print(f"{what}: {len(files)} files: {', '.join(files)}")
    if len(files) > most:
        sys.exit(f"{what} takes more than {most} files")


TESTS = "tests/unit_models_services"


def service(scratch):
    folder = "models/services/gift_cards"
    scratch.new("service", "gift_cards")
    check_count("a service besides its folder", outside_of(folder, scratch.changed()), 4)
    lines = [line for line in (scratch.root / "models/services/services.def").read_text().splitlines()
             if line.startswith("SOUNDCHECK_SERVICE(")]
    if lines != sorted(lines) or "SOUNDCHECK_SERVICE(gift_cards)" not in lines:
        sys.exit(f"services.def is out of order: {lines}")
    sources = [str(file.relative_to(scratch.root)) for file in sorted((scratch.root / folder).glob("*.cpp"))]
    ours = [scratch.compile(TESTS, "service", sources + ["models/registry/registry.cpp"]),
            scratch.compile(TESTS, "texts", [scratch.embed()])]
    own = "tests/unit/models/services/"
    tests = [scratch.compile(TESTS, f"test_{name}", [f"{own}{name}.cpp"])
             for name in ("gift_cards_test", "services_world", "invariants_test", "population_test")]
    program = scratch.link(TESTS, ours + tests)
    print(run([program, "--gtest_brief=1",
               "--gtest_filter=GiftCards.*:Invariants.*:RequestTypes.*:*InvariantFires*/GIFT1*:*InvariantFires*/P1_*"]), end="")
    soundcheck = scratch.link("soundcheck", ours)
    for command in (["list", "services"], ["list", "requests"], ["list", "invariants"], ["explain", "gift_cards"]):
        answer = run([soundcheck, *command])
        if "gift_cards" not in answer and "GIFT1" not in answer:
            sys.exit(f"{command} does not know the service:\n{answer}")
    scenario = scratch.objects / "gift_cards.yaml"
    scenario.write_text("soundcheck: 1\nduration: 5s\nfidelity: direct\npopulation: { users: 20 }\n"
                        "workload: [{ mix: { gift_cards-entry: 1 }, arrivals: poisson(20/s) }]\n")
    print(run([soundcheck, "run", scenario, "--no-progress", "-o", scratch.objects / "run"]))


def invariant(scratch):
    scratch.new("invariant", "P12", "payments.payments")
    check_count("an invariant", scratch.changed(), 2)
    scratch.new("invariant", "S7")
    own = "tests/unit/models/services/"
    objects = [scratch.compile(TESTS, "texts", [scratch.embed()])]
    objects += [scratch.compile(TESTS, f"test_{name}", [f"{own}{name}.cpp"]) for name in ("services_world", "invariants_test")]
    program = scratch.link(TESTS, objects)
    print(run([program, "--gtest_brief=1", "--gtest_filter=Invariants.*:*InvariantFires*/P12*:*InvariantFires*/S7*"]), end="")


def policy(scratch):
    tests = "tests/unit_models_rpc"
    families = ("admission", "backoff", "balancer", "breaker", "hedge_delay", "jitter")
    for family in families:
        before = set(scratch.changed())
        scratch.new("policy", family, f"own_{family}")
        check_count(f"a policy ({family})", sorted(set(scratch.changed()) - before), 3)
        lines = [line for line in (scratch.root / f"models/rpc/policies/{family}s.def").read_text().splitlines()
                 if line.startswith("SOUNDCHECK_")]
        if lines != sorted(lines):
            sys.exit(f"{family}s.def is out of order: {lines}")
    # All of the library, so that no constant of it comes to life before a family that it asks for.
    rpc = sorted(str(file.relative_to(scratch.root)) for file in (scratch.root / "models/rpc").rglob("*.cpp"))
    ours = [scratch.compile(tests, "rpc", rpc)]
    objects = [scratch.compile(tests, "tests", [f"tests/unit/models/rpc/{family}s/own_{family}_test.cpp" for family in families])]
    program = scratch.link(tests, ours + objects)
    print(run([program, "--gtest_brief=1"]), end="")
    schema = run([scratch.link("soundcheck", ours), "schema"])
    for family in families:
        if f"own-{family}".replace("_", "-") not in schema:
            sys.exit(f"the JSON Schema does not know own-{family}")


def fault(scratch):
    tests = "tests/unit_faults"
    kinds = {"host.own": [], "network.own-loss": [], "process.own": [], "rpc.own": [], "clock.own": ["process"]}
    for kind, like in kinds.items():
        before = {file: (scratch.root / file).read_bytes() for file in scratch.changed()}
        scratch.new("fault", kind, *like)
        check_count(f"a kind of fault ({kind})", [file for file in scratch.changed()
                                                  if (scratch.root / file).read_bytes() != before.get(file)], 5)
    names = [line.split('"')[1] for line in (scratch.root / "faults/faults.def").read_text().splitlines()
             if line.startswith("SOUNDCHECK_FAULT(")]
    if names != sorted(names):
        sys.exit(f"faults.def is out of order: {names}")
    # All kinds in one unit, as a unity build may have them.
    sources = sorted(str(file.relative_to(scratch.root)) for file in (scratch.root / "faults/kinds").glob("*.cpp"))
    ours = [scratch.compile(tests, "kinds", [*sources, "faults/fault_definition.cpp"])]
    written = [f"tests/unit/faults/{kind.replace('.', '_').replace('-', '_')}_test.cpp" for kind in kinds]
    every = [f"tests/unit/faults/{name}_test.cpp" for name in ("host_down", "network_partition", "process_pause", "rpc_error",
                                                               "fault_definition", "sampling")]
    program = scratch.link(tests, ours + [scratch.compile(tests, "tests", written + every)])
    print(run([program, "--gtest_brief=1"]), end="")
    soundcheck = scratch.link("soundcheck", ours)
    bad = subprocess.run([soundcheck, "validate", "bad/scenarios/dangling-names.yaml"], cwd=scratch.root / "tests/config",
                         text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    note = next(line for line in bad.splitlines() if "note: kinds: " in line)
    if note not in (scratch.root / "tests/config/bad/scenarios/dangling-names.txt").read_text().splitlines():
        sys.exit(f"dangling-names.txt does not have {note}")
    for kind in kinds:
        run([soundcheck, "explain", kind])
        run([scratch.root / "tests/scenario/check_effects", soundcheck, scratch.root / "tests/scenario/effects", f"faults[{kind}]"])


def main():
    recipe, sources, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="soundcheck-recipe-") as folder:
        scratch = Scratch(sources, build, pathlib.Path(folder))
        {"service": service, "invariant": invariant, "policy": policy, "fault": fault}[recipe](scratch)
    print("the recipe works")


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C.UTF-8"
    main()
