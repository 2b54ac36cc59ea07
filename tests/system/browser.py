"""A real browser for the wallboard: Debian's Chromium, driven by ../wallboard/browser.mjs."""
import fcntl
import json
import pathlib
import shutil
import subprocess

import pytest

from daemon import PATIENCE

HERE = pathlib.Path(__file__).resolve().parents[1] / "wallboard"
SIZES = {"phone": (360, 740), "laptop": (1280, 800), "television": (1920, 1080)}


def find_chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("skipped, because chromium (Debian package chromium) is not installed")
    return path


def find_playwright(build):
    """A folder with playwright-core in it, kept beside the build, since npm brings it."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("skipped, because node and npm (Debian packages nodejs, npm) are not installed")
    folder = build / "browser"
    folder.mkdir(exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    done = folder / "done.lock"
    with open(folder / "turn.lock", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # another file of tests may want it at the same time
        if not done.exists() or done.read_bytes() != lock:
            for name in "package.json", "package-lock.json":
                shutil.copy(HERE / name, folder / name)
            got = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                                 capture_output=True, text=True, timeout=300)
            if got.returncode != 0:
                pytest.skip(f"skipped, because npm could not bring playwright-core: {got.stderr[-300:]}")
            done.write_bytes(lock)
    return folder


class Browser:
    """Each verb is one of browser.mjs; what goes wrong there is an AssertionError here."""

    def __init__(self, build):
        self.pictures = build / "wallboard-pictures"
        self.pictures.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            ["node", str(HERE / "browser.mjs"), find_chromium(), str(find_playwright(build))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, verb, **about):
        self.process.stdin.write(json.dumps({"do": verb, **about}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the browser's driver has ended"
        said = json.loads(line)
        assert "error" not in said, f"{verb} {about}: {said['error']}"
        return said["value"]

    def open(self, url, size="laptop", **more):
        width, height = SIZES[size]
        self.ask("open", url=url, width=width, height=height, **more)
        if not self.evaluate("document.querySelector('script[type=module]') !== null"):
            pytest.skip("skipped, because this najimid was built without its wallboard")

    def evaluate(self, code):
        return self.ask("evaluate", code=code)

    def wait(self, code, timeout=PATIENCE):
        self.ask("wait", code=code, timeout=timeout * 1000)

    def wait_live(self):
        self.wait("document.body.dataset.state === 'live' && !document.getElementById('board').hidden")

    def text(self, selector):
        return self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector):
        self.ask("click", selector=selector)

    def fill(self, selector, text):
        self.ask("fill", selector=selector, text=text)

    def press(self, key):
        self.ask("press", key=key)

    def picture(self, name, whole=False):
        """Kept beside the build, for people to look at."""
        self.ask("shot", path=str(self.pictures / f"{name}.png"), whole=whole)

    def trouble(self):
        return self.ask("trouble")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
