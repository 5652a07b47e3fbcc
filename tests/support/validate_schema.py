#!/usr/bin/env python3
"""validate_schema.py SCHEMA FILE...: each line of the files (or a whole file that is
one document) against a JSON schema. Prints the first failures; exit 1 if any, 77
where Python has no jsonschema."""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3 has no jsonschema")
    sys.exit(77)


def documents(path):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            yield f"{path}:{number}", json.loads(line)


def main(schema_path, paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    seen = failures = 0
    for path in paths:
        for where, document in documents(path):
            seen += 1
            for error in validator.iter_errors(document):
                failures += 1
                if failures <= 10:
                    print(f"{where}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    if seen == 0:
        print(f"nothing to validate against {schema_path}")
    return 1 if failures or seen == 0 else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
