#!/usr/bin/env python3
"""The lists of events and actions in the core's README are the enums of its contract."""
import pathlib
import re
import sys


def members(path, prefix):
    """The enum's members; a #define that counts them is none."""
    text = path.read_text(encoding="utf-8")
    body = re.search(rf"enum \w+ {{([^}}]*\b{prefix}[^}}]*)}}", text).group(1)
    return set(re.findall(rf"\b{prefix}[A-Z_]+", re.sub(r"/\*.*?\*/", "", body, flags=re.S)))


def section(text, title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, flags=re.S | re.M).group(1)


def main(root):
    readme = (root / "daemon/core/README.md").read_text(encoding="utf-8")
    bad = 0
    for title, header, prefix in (("Events", "event.h", "EVT_"), ("Actions", "action.h", "ACT_")):
        rows = "\n".join(line.split("|")[1] for line in section(readme, title).splitlines()
                         if line.startswith("|"))
        listed = re.findall(rf"\b{prefix}[A-Z_]+", rows)
        declared = members(root / "include/najimi/core" / header, prefix)
        for name in sorted(declared - set(listed)):
            print(f"daemon/core/README.md does not list {name}")
            bad += 1
        for name in sorted(set(listed) - declared):
            print(f"daemon/core/README.md lists {name}, which {header} does not have")
            bad += 1
        for name in sorted({name for name in listed if listed.count(name) > 1}):
            print(f"daemon/core/README.md lists {name} twice")
            bad += 1
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
