#!/usr/bin/env python3
"""Who may include whom. One line per layer; anything not listed is refused."""
import pathlib
import re
import sys

ALLOWED = {
    "base": set(),
    "core": {"base"},
    "codec": {"base"},
    "config": {"base", "core"},
    "shell": {"base", "core"},
    "store": {"base", "core", "shell"},
    "link": {"base", "core", "codec", "shell"},
    "http": {"base", "core", "shell"},
    "tools": {"base", "core", "codec", "shell"},
    "main": {"base", "core", "codec", "config", "shell", "store", "link", "http"},
}
# Third parties are let in by name: a new dependency is a line in a review.
SYSTEM = {
    "core": r"assert|limits|stdbool|stddef|stdint|stdlib|string",
    "codec": r"assert|limits|stdbool|stddef|stdint|string|expat|jansson",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def layer_of(path, root):
    parts = path.relative_to(root).parts
    return parts[2] if parts[0] == "include" else parts[1] if len(parts) > 2 else "main"


def main(root):
    bad = 0
    for path in sorted([*root.glob("include/najimi/**/*.h"), *root.glob("daemon/**/*.[ch]")]):
        layer = layer_of(path, root)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            kind, name = match.groups()
            why = None
            if kind == '"' and name.startswith("najimi/"):
                target = name.split("/")[1]
                if target != layer and target not in ALLOWED[layer]:
                    why = f"{layer} may not include {target}"
            elif kind == '"' and "/" in name:
                why = "a private header is included from its own folder only"
            elif kind == "<" and layer in SYSTEM and not re.fullmatch(rf"({SYSTEM[layer]})\.h", name):
                why = f"{layer} may not use <{name}>"
            if why:
                print(f"{path.relative_to(root)}:{number}: {why}")
                bad += 1
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
