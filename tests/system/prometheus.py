"""A real Prometheus that reads a daemon, in a temporary folder."""
import json
import pathlib
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
from daemon import PATIENCE, free_port, wait_until

CONFIG = """
global: {{ scrape_interval: {interval}, evaluation_interval: {interval} }}
rule_files: ["{folder}/*.rules.yml", "{folder}/*.alerts.yml"]
scrape_configs:
  - job_name: najimi
    static_configs: [{{ targets: ["127.0.0.1:{target}"] }}]
"""


def program(name):
    """Where prometheus or promtool is; without them the test is skipped, and says so."""
    path = shutil.which(name)
    if not path:
        pytest.skip(f"{name} (Debian package prometheus) is not installed")
    return path


class Prometheus:
    def __init__(self, folder, target, interval, rules=None):
        """`target`: the daemon's HTTP port. `rules`: the folder of the rule files; they are copied
        without the intervals of their groups, so that everything is evaluated that often."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        for file in sorted(rules.glob("najimi.*.yml")) if rules else ():
            text = re.sub(r"^    interval:.*\n", "", file.read_text(), flags=re.M)
            (self.folder / file.name).write_text(text)
        (self.folder / "prometheus.yml").write_text(CONFIG.format(folder=self.folder, target=target,
                                                                     interval=interval))
        self.port = free_port()
        self.process = None
        self.at = None  # the instant of which queries are, None: now

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [program("prometheus"), f"--config.file={self.folder}/prometheus.yml",
                 f"--storage.tsdb.path={self.folder}/data", "--log.level=warn",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdout=log, stderr=log)
        wait_until("prometheus is ready", self.answers)
        wait_until("prometheus has scraped", lambda: self.value("up") == 1)
        return self

    def answers(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=PATIENCE):
                return True
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE)
        self.process = None

    def ask(self, what, **parameters):
        """The data of an answer. What Prometheus does not understand is a ValueError."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                document = json.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error).get("error", str(error))) from error
        return document["data"]

    def query(self, expression):
        """The samples of an expression: (labels, value)."""
        data = self.ask("query", query=expression, **({} if self.at is None else {"time": self.at}))
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def value(self, expression):
        """The only sample's value, None without one."""
        samples = self.query(expression)
        assert len(samples) < 2, samples
        return samples[0][1] if samples else None

    def rules(self):
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]
