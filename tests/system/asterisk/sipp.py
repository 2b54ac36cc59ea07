"""Telephones: SIPp with the scenarios of this folder."""
import pathlib
import re
import shutil
import socket
import subprocess
from urllib.parse import quote

from asterisk.asterisk import PHONES
from asterisk.namespace import bound
from daemon import PATIENCE, wait_until, whole_lines

SCENARIOS = pathlib.Path(__file__).parent / "scenarios"
NEVER = 3600000
TRUNK, STRANGER = "127.0.2.1", "127.0.2.2"
PBX = "127.0.0.1:5060"


def program():
    return shutil.which("sipp")


class Sipp:
    """One running SIPp. What happens on its telephones is what its scenario logs:
    (what, number, at), at a clock that all processes of the machine share."""

    count = 0

    def __init__(self, folder, scenario, words, arguments):
        Sipp.count += 1
        self.folder = pathlib.Path(folder) / f"sipp-{Sipp.count}-{scenario}"
        self.folder.mkdir(parents=True)
        text = (SCENARIOS / f"{scenario}.xml").read_text()
        text = re.sub(r"@(\w+)@", lambda found: str(words[found.group(1)]), text)
        # Headers that are not wanted leave no empty line, which would end the message's head.
        text = text.replace("Max-Forwards: 70\n\nContent-Type", "Max-Forwards: 70\nContent-Type")
        (self.folder / "scenario.xml").write_text(text)
        self.log = self.folder / "log"
        self.process = subprocess.Popen(
            ["sipp", "-sf", "scenario.xml", "-nostdin", "-trace_logs", "-log_file", "log", "-trace_err",
             "-error_file", "errors", *arguments],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "said", "wb"))

    def happened(self, what=None, number=None):
        """Lines of the scenario's log, all or those of a kind and a caller."""
        said = [re.fullmatch(r"(\w+) (?:\S*sip:)?(\S+) \S+\t\S+\t([\d.]+)", line) for line in whole_lines(self.log)]
        found = [(one[1], one[2], float(one[3])) for one in said if one]
        return [one for one in found if what in (None, one[0]) and number in (None, one[1])]

    def wait(self, what, number=None, timeout=PATIENCE):
        """The instant at which that happened first."""
        return wait_until(f"{self.folder.name}: {what} {number or ''}",
                          lambda: self.happened(what, number), timeout)[0][2]

    def dialog(self):
        """(Call-ID, From, To) of the call that was answered last."""
        def found():
            lines = [line for line in whole_lines(self.log) if line.startswith("dialog ")]
            return lines and tuple(one.strip() for one in lines[-1].removeprefix("dialog ").split("|"))
        return wait_until(f"{self.folder.name}: an answered call", found)

    def finish(self, timeout=2 * PATIENCE):
        """Waits until all its calls are over; whether each went as in the scenario."""
        code = self.process.wait(timeout=timeout)
        assert code == 0, f"SIPp {self.folder} ended with {code}:\n{self.errors()}"
        return self

    def errors(self):
        return "".join((self.folder / name).read_text(errors="replace")[-2000:]
                       for name in ("said", "errors") if (self.folder / name).exists())

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def hand_over(phone, consulted):
    """The agent at `phone` joins the caller with whom they asked by `consulted`, a call of their own, as
    desk telephones do: REFER with Replaces, in the first call."""
    call_id, theirs, ours = phone.dialog()
    other_id, other_ours, other_theirs = consulted.dialog()
    tag = {name: re.search(r"tag=([^;>\s]+)", header).group(1)
           for name, header in (("to", other_theirs), ("from", other_ours))}
    replaces = quote(f"{other_id};to-tag={tag['to']};from-tag={tag['from']}", safe="")
    target = re.search(r"<(sip:[^>]+)>", other_theirs).group(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((phone.address, 0))
        host, port = own.getsockname()
        own.settimeout(5)
        own.sendto("\r\n".join((
            f"REFER sip:asterisk@{PBX} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKrefer-{port}",
            f"From: {ours}", f"To: {theirs}", f"Call-ID: {call_id}", "CSeq: 7 REFER",
            f"Contact: <sip:{host}:5060>", f"Refer-To: <{target}?Replaces={replaces}>", "Max-Forwards: 70",
            "Content-Length: 0", "", "")).encode(), tuple(PBX.split(":")[:1]) + (5060,))
        answer = own.recv(4096).decode(errors="replace")
    assert answer.startswith("SIP/2.0 202"), answer


class Telephones:
    """All telephones of a test."""

    def __init__(self, folder):
        self.folder, self.all = folder, []

    def add(self, *arguments):
        self.all.append(Sipp(self.folder, *arguments))
        return self.all[-1]

    def phone(self, agent, ring=0, talk=NEVER, then="hang_up", to="", status=None):
        """An agent's telephone, for as many calls as come. `ring` ms until somebody answers
        (NEVER: nobody), `talk` until they hang up, or transfer; or the status of its refusals."""
        address = PHONES[agent]
        words = {"ring": max(ring, 1), "talk": talk, "then": then, "to": to, "status": status}
        sipp = self.add("refusing_phone" if status else "phone", words,
                        ["-i", address, "-p", "5060", "-mi", address, PBX])
        sipp.address = address
        wait_until(f"{agent}'s telephone", lambda: bound(address, 5060))
        return sipp

    def call(self, *numbers, extension=700, patience=NEVER, talk=NEVER, trunk=TRUNK, shown=None,
             headers=(), rate=None):
        """A caller of each number, at once or `rate` a second; `shown` is what stands in From
        instead of it. SIPp begins the first call when the first interval is over."""
        folder = pathlib.Path(self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        listed = folder / f"numbers-{Sipp.count + 1}.csv"
        listed.write_text("SEQUENTIAL\n" + "".join(f"{number}\n" for number in numbers))
        words = {"extension": extension, "patience": patience, "talk": talk,
                 "from": shown or f"<sip:[field0]@{trunk}>", "headers": "\n".join(headers)}
        return self.add("caller", words, ["-inf", str(listed), "-i", trunk, "-mi", trunk, "-m",
                                          str(len(numbers)), "-r", str(rate or 100), PBX])

    def end(self):
        for sipp in self.all:
            sipp.end()
