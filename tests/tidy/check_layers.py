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
    "shell": {"base", "core", "config"},
    "store": {"base", "core", "codec", "shell", "config"},
    "link": {"base", "core", "codec", "shell", "config"},
    "http": {"base", "core", "codec", "shell", "config"},
    "tools": {"base", "core", "codec", "shell", "config"},
    "main": {"base", "core", "codec", "config", "shell", "store", "link", "http"},
}
# The layers that talk to nobody: these headers and no others.
SYSTEM = {
    "base": r"(assert|errno|limits|math|stdarg|stdbool|stddef|stdint|stdio|stdlib|string"
            r"|bsd/sys/queue|bsd/sys/tree)\.h",
    "core": r"(assert|limits|stdbool|stddef|stdint|stdlib|string)\.h",
    "codec": r"(assert|errno|inttypes|limits|stdbool|stddef|stdint|stdio|stdlib|string"
             r"|cjson/cJSON)\.h",
}
# Third parties are let in by name: a new dependency is a line in a review.
THIRD_PARTIES = {
    "bsd/": {"base"},
    "cairo": {"tools"},
    "cjson/": {"codec"},
    "event2/": {"shell", "store", "link", "http", "tools", "main"},
    "hiredis/": {"store", "tools"},
    "libconfig.h": {"config"},
    "openssl/": {"shell", "link", "http"},
    "systemd/": {"shell", "main"},
    "uthash.h": {"config", "shell", "store", "link", "http", "tools"},
}
# What the compiler and glibc bring along.
PLATFORM = re.compile(r"[a-z]+\.h|(arpa|linux|net|netinet|sys)/[a-z_]+\.h")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def layer_of(path, root):
    parts = path.relative_to(root).parts
    return parts[2] if parts[0] == "include" else parts[1] if len(parts) > 2 else "main"


def why_not(layer, name):
    """Why a layer may not include a system header; None when it may."""
    if layer in SYSTEM and not re.fullmatch(SYSTEM[layer], name):
        return f"{layer} may not use <{name}>"
    for prefix, layers in THIRD_PARTIES.items():
        if name.startswith(prefix):
            return None if layer in layers else f"{layer} may not use <{name}>"
    return None if PLATFORM.fullmatch(name) else f"<{name}> is a new dependency"


def main(root):
    bad = 0
    for path in sorted([*root.glob("include/najimi/**/*.h"), *root.glob("daemon/**/*.[ch]")]):
        layer = layer_of(path, root)
        if layer not in ALLOWED:
            print(f"{path.relative_to(root)}: '{layer}' is no layer")
            bad += 1
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            kind, name = match.groups()
            why = None
            if kind == "<":
                why = why_not(layer, name)
            elif name.startswith("najimi/"):
                target = name.split("/")[1]
                if target != layer and target not in ALLOWED[layer]:
                    why = f"{layer} may not include {target}"
            elif "/" in name:
                why = "a private header is included from its own folder only"
            if why:
                print(f"{path.relative_to(root)}:{number}: {why}")
                bad += 1
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
