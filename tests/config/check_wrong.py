"""check_wrong.py PROGRAM SCENARIOS: the program refuses every file of wrong_scenarios.py, and whoever has only the schema
that it prints, as an editor, flags most of them; every scenario that ships is right to both."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

from wrong_scenarios import WRONG

FLAGGED = 0.9  # at least this share; what is left are sums, order, and names that other files or fields make


def refused_by_program(program, texts):
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, text in enumerate(texts):
            files.append(pathlib.Path(folder) / f"{number}.yaml")
            files[-1].write_text(text)
        run = subprocess.run([program, "validate", *map(str, files)], capture_output=True, text=True)
        fine = set(re.findall(r"(\d+)\.yaml: no mistakes", run.stdout + run.stderr))
        return [str(number) not in fine for number in range(len(files))]


def flagged_by_schema(validator, text):
    return next(iter(validator.iter_errors(yaml.safe_load(text))), None)


def main(program, scenarios):
    schema = json.loads(subprocess.run([program, "schema"], capture_output=True, check=True).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    problems = []
    for refused, name in zip(refused_by_program(program, WRONG.values()), WRONG):
        if not refused:
            problems.append(f"the program accepts: {name}")
    unseen = [name for name, text in WRONG.items() if not flagged_by_schema(validator, text)]
    print(f"of {len(WRONG)} wrong scenarios the schema flags {len(WRONG) - len(unseen)}; not:", *unseen, sep="\n  ")
    if len(unseen) > (1 - FLAGGED) * len(WRONG):
        problems.append("the schema flags too few")
    for path in sorted(pathlib.Path(scenarios).rglob("*.yaml")):
        error = flagged_by_schema(validator, path.read_text())
        if error:
            problems.append(f"{path}: {'.'.join(map(str, error.path))}: {error.message[:200]}")
        if not re.match(r"# yaml-language-server: \$schema=\S+\.json\n", path.read_text()):
            problems.append(f"{path}: an editor finds no schema")
    print("\n".join(problems))
    return 1 if problems or len(WRONG) < 100 else 0


sys.exit(main(*sys.argv[1:]))
