#!/usr/bin/env python3
"""A file is read in one sitting and a function in one look: anything longer is two."""
import pathlib
import subprocess
import sys

FILE_LINES_MAX = 799
FUNCTION_LINES_MAX = 80
SUFFIXES = {".c", ".h", ".py", ".sh", ".lua", ".cmake"}


def files(root):
    """What git tracks, or everything in our folders where there is no git."""
    try:
        names = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True,
                               capture_output=True, text=True).stdout.split("\0")
        paths = [root / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for folder in ("daemon", "include", "tests", "conf", "systemd")
                 for path in (root / folder).rglob("*")]
    return sorted(path for path in paths if path.suffix in SUFFIXES and path.is_file())


def functions(lines):
    """(first line, name, length) of each function: in our format the braces of a
    function, and only those that follow a parameter list, stand in the first column."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = start - 1
            while head > 1 and lines[head - 1][:1] in (" ", "\t"):
                head -= 1
            name = lines[head - 1].split("(")[0].split()[-1].lstrip("*")
            yield head, name, number - head + 1
            start = None


def main(root):
    bad = 0
    for path in files(root):
        lines = path.read_text(encoding="utf-8").splitlines()
        name = path.relative_to(root)
        if len(lines) > FILE_LINES_MAX:
            print(f"{name}: {len(lines)} lines, at most {FILE_LINES_MAX}")
            bad += 1
        if path.suffix not in (".c", ".h"):
            continue
        for head, function, length in functions(lines):
            if length > FUNCTION_LINES_MAX:
                print(f"{name}:{head}: {function}() has {length} lines, at most {FUNCTION_LINES_MAX}")
                bad += 1
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
