"""check_schema.py SCHEMA FOLDER: the schema accepts FOLDER/good and rejects what FOLDER/bad marks with '# schema: rejects'."""

import json
import pathlib
import sys

import jsonschema
import yaml


def main(schema_path, folder):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = []
    rejected = 0
    for path in sorted(pathlib.Path(folder).glob("*/scenarios/*.yaml")):
        text = path.read_text(errors="replace")
        marked = "# schema: rejects" in text
        if path.parts[-3] == "bad" and not marked:
            continue
        errors = list(validator.iter_errors(yaml.safe_load(text)))
        rejected += bool(errors)
        if bool(errors) != marked:
            wrong.append(f"{path}: {'accepted' if marked else errors[0].message}")
    print("\n".join(wrong))
    return 1 if wrong or rejected < 3 else 0


sys.exit(main(*sys.argv[1:]))
