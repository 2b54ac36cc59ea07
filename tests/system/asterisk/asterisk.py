"""Asterisk itself: its folders, its life."""
import csv
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess

from asterisk.manager import Manager, Refused
from asterisk.namespace import bound
from daemon import PATIENCE, wait_until, whole_lines

HERE = pathlib.Path(__file__).parent
CONF = HERE.parents[2] / "conf" / "asterisk"
SECRET = "of the tests"

# Telephones of agents, each at an address of its own, and of a crew who share one.
PHONES = {"alice": "127.0.1.1", "bob": "127.0.1.2", "carol": "127.0.1.3", "dave": "127.0.1.4",
          "crew": "127.0.1.100"}
CREW = [f"crew{number}" for number in range(1, 13)]

PHONE = """
[{name}](najimi-agent)
context = from-agents
aors = {name}
[{name}]
type = aor
contact = sip:{name}@{address}:5060
"""
KNOWN_BY_ADDRESS = """
[{name}]
type = identify
endpoint = {name}
match = {address}
"""


def telephones():
    """What pjsip.conf says of them."""
    texts = [(PHONE + KNOWN_BY_ADDRESS).format(name=name, address=address)
             for name, address in PHONES.items() if name != "crew"]
    return "".join(texts + [PHONE.format(name=name, address=PHONES["crew"]) for name in CREW])


class Asterisk:
    """One Asterisk. Its folders are in the cache's root, where it alone can see them, and are
    gone when it is closed; what it wrote is copied to `keep`."""

    def __init__(self, root, keep):
        self.root, self.keep = pathlib.Path(root), pathlib.Path(keep)
        self.inside = pathlib.Path("/srv") / f"najimi-{os.getpid()}"
        self.run = self.root / self.inside.relative_to("/")
        self.process, self.manager = None, None
        self.remove_left_behind()
        self.write()

    # --- folders ---

    def remove_left_behind(self):
        """What tests that were killed have left."""
        for folder in (self.root / "srv").glob("najimi-*"):
            if not pathlib.Path("/proc", folder.name.removeprefix("najimi-")).exists():
                shutil.rmtree(folder, ignore_errors=True)

    def write(self):
        """All of /etc/asterisk: Debian's, to which is added what a user adds. Of the files of
        conf/asterisk only what a user changes is changed."""
        shutil.rmtree(self.run, ignore_errors=True)
        for name in "lib/keys", "spool", "run", "log/cel-custom", "log/cdr-csv", "log/cdr-custom", "cache":
            (self.run / name).mkdir(parents=True)
        shutil.copytree(self.root / "etc/asterisk", self.run / "etc")
        modules = next(folder for pattern in ("*/asterisk/modules", "asterisk/modules")
                       for folder in (self.root / "usr/lib").glob(pattern))
        words = {"@run@": str(self.inside), "@modules@": f"/{modules.relative_to(self.root)}",
                 "@phones@": telephones()}
        for how in "instead", "added":
            for file in (HERE / "etc" / how).glob("*.conf"):
                text = re.sub("|".join(words), lambda found: words[found.group()], file.read_text())
                with open(self.run / "etc" / file.name, "w" if how == "instead" else "a") as to:
                    to.write(text)
        najimi = self.run / "etc/najimi"
        najimi.mkdir()
        for file in CONF.glob("*.conf"):
            text = file.read_text().replace("secret = change-me", f"secret = {SECRET}")
            # The lines of the second daemon are taken in by taking away their semicolon.
            text = re.sub(r"^; (?=same => n,.*192\.0\.2\.8)", " ", text, flags=re.M)
            (najimi / file.name).write_text(text.replace("192.0.2.8:4573", "127.0.0.2:4573"))
        user = pwd_of(self.root)
        for path in [self.run, *self.run.rglob("*")]:
            os.chown(path, *user)

    # --- life ---

    def start(self):
        self.process = subprocess.Popen(
            ["chroot", str(self.root), "/usr/sbin/asterisk", "-f", "-U", "asterisk", "-G", "asterisk",
             "-C", str(self.inside / "etc/asterisk.conf")],
            stdin=subprocess.DEVNULL, stdout=open(self.run / "log/said", "ab"), stderr=subprocess.STDOUT)

        def listens():
            assert self.process.poll() is None, f"Asterisk has ended:\n{self.said()[-3000:]}"
            return bound("127.0.0.1", 5038, "tcp") and bound("127.0.0.1", 5060)
        wait_until("Asterisk listens", listens, 60)
        self.manager = Manager()
        self.manager.wait("FullyBooted", 60)
        return self

    def kill(self):
        """It dies as in a power cut."""
        self.process.kill()
        self.forget()

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.forget()

    def forget(self):
        self.process.wait(timeout=PATIENCE)
        self.process = None
        self.manager.close()

    def stop_gracefully(self):
        """It ends when its last channel is gone, and makes no new ones until then."""
        return subprocess.Popen(["chroot", str(self.root), "/usr/sbin/asterisk", "-C",
                                 str(self.inside / "etc/asterisk.conf"), "-rx", "core stop gracefully"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self):
        self.stop()
        shutil.copytree(self.run / "log", self.keep / "asterisk-log", dirs_exist_ok=True)
        shutil.copytree(self.run / "etc", self.keep / "asterisk-etc", dirs_exist_ok=True)
        shutil.rmtree(self.run, ignore_errors=True)

    def hang_up_all(self):
        """No channel lives on."""
        for channel in self.manager.channels():
            try:
                self.manager.ask("Hangup", Channel=channel)
            except Refused:
                pass  # it has gone meanwhile
        wait_until("all channels are gone", lambda: not self.manager.channels())

    def console(self, line):
        """What Asterisk's command line says, without the manager interface."""
        return subprocess.run(["chroot", str(self.root), "/usr/sbin/asterisk", "-C",
                               str(self.inside / "etc/asterisk.conf"), "-rx", line], check=True,
                              capture_output=True, text=True, timeout=PATIENCE).stdout

    # --- facts ---

    def said(self):
        return "".join((self.run / "log" / name).read_text(errors="replace")
                       for name in ("said", "full") if (self.run / "log" / name).exists())

    def variable_set(self, name, value):
        return self.manager.find("VarSet", Variable=name, Value=value)

    def wait_said(self, text):
        wait_until(f"Asterisk's log has {text}", lambda: text in self.said())

    def events(self):
        """Asterisk's own record of channels (CEL): dicts, in the order of their happening."""
        names = "kind at number channel uniqueid linkedid extension extra".split()
        return [dict(zip(names, row), at=float(row[1]))
                for row in csv.reader(whole_lines(self.run / "log/cel-custom/cel.csv"))]


def pwd_of(root):
    """The asterisk user's numbers in that Debian."""
    for line in (root / "etc/passwd").read_text().splitlines():
        entry = pwd.struct_passwd(line.split(":"))
        if entry.pw_name == "asterisk":
            return int(entry.pw_uid), int(entry.pw_gid)
    raise AssertionError(f"{root} has no user asterisk")
