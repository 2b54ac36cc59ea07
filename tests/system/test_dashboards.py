"""Dashboards, recording rules and alerts, asked of a real Prometheus that reads a busy daemon."""
import json
import pathlib
import re
import subprocess

import pytest

import busy_centre
from daemon import free_port, wait_until
from prometheus import Prometheus, program

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARDS = sorted((ROOT / "conf" / "grafana").glob("*.json"))
RULES = ROOT / "conf" / "prometheus"

# What has nothing to say while all is well, and why.
SILENT = {
    "Restarts and fail-overs": "nobody restarts the daemon here",
    "Surveyed: resolved": "nobody is asked here",
    "Net promoter score (NPS)": "nobody is asked here",
    "Satisfaction (CSAT)": "nobody is asked here",
}


def boards():
    return [(path.stem, json.loads(path.read_text())) for path in BOARDS]


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def expressions(board):
    """(where it is drawn, expression as Grafana would send it)"""
    for panel in panels(board):
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for annotation in board["annotations"]["list"]:
        if "expr" in annotation.get("target", {}):
            yield annotation["name"], annotation["target"]["expr"]


def filled(expression):
    values = {"$__rate_interval": "30s", "$__interval": "30s", "$__range": "5m", "$job": ".+", "$queue": ".+"}
    for name, value in values.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def known(samples):
    return [value for _, value in samples if value == value]


# --- as they are written ---


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_dashboard_is_fit_for_any_site(path):
    text = path.read_text()
    board = json.loads(text)
    assert not re.search(r"https?://|\d+\.\d+\.\d+\.\d+|localhost", text), "names a host"
    assert board["uid"].startswith("najimi-") and board["id"] is None and "najimi" in board["tags"]
    assert [variable["name"] for variable in board["templating"]["list"]][:2] == ["datasource", "job"]
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in panels(board):
        assert panel["title"] and len(panel["description"]) > 15, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        sources = [panel["datasource"]] + [target["datasource"] for target in panel["targets"]]
        assert all(source == {"type": "prometheus", "uid": "${datasource}"} for source in sources)
        names = [target["refId"] for target in panel["targets"]]
        assert len(set(names)) == len(names)
        for target in panel["targets"]:
            assert 'job=~"$job"' in target["expr"], (panel["title"], target["expr"])


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_no_panel_lies_upon_another(path):
    taken = {}
    for panel in json.loads(path.read_text())["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                assert (x, y) not in taken, (panel["title"], taken[x, y])
                taken[x, y] = panel["title"]


def test_each_alert_says_what_it_means_and_what_to_do():
    done = subprocess.run([program("promtool"), "check", "rules", *map(str, RULES.glob("najimi.*.yml"))],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run([program("promtool"), "check", "config", str(RULES / "prometheus.yml")],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    alerts = (RULES / "najimi.alerts.yml").read_text().split("- alert: ")[1:]
    assert len(alerts) > 20
    for alert in alerts:
        for part in "severity:", "summary:", "description:", "runbook:":
            assert part in alert, (part, alert)


def test_each_alert_fires_when_it_is_to_and_only_then():
    files = sorted((ROOT / "tests" / "alerts").glob("*.yml"))
    done = subprocess.run([program("promtool"), "test", "rules", *map(str, files)],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    tested = "".join(file.read_text() for file in files)
    names = re.findall(r"- alert: (\w+)", (RULES / "najimi.alerts.yml").read_text())
    assert [name for name in names if f'alertname="{name}"' not in tested and f"alertname: {name}" not in tested] == []


# --- as Prometheus finds them ---


def test_every_expression_of_dashboards_and_rules_finds_what_a_busy_daemon_shows(make_daemon, redis_server,
                                                                                 tmp_path):
    program("prometheus")
    # A gateway that nobody answers for has its figures too.
    asterisk = f'asterisk = ({{ name = "pbx-z"; address = "127.0.0.1:{free_port()}"; user = "u"; secret = "s"; }});'
    daemon = make_daemon(redis=redis_server, queues=busy_centre.QUEUES,
                         options=busy_centre.OPTIONS, more=asterisk).start()
    prometheus = Prometheus(tmp_path / "prometheus", daemon.http_port, "1s", RULES)
    centre = busy_centre.BusyCentre(daemon)
    try:
        prometheus.start()
        wait_until("all begins at zero", lambda: prometheus.value(
            'najimi_calls_offered_total{queue="worked"}') == 0)
        centre.worked()
        centre.start()
        daemon.reload()
        everything_is_shown(prometheus, centre)
        the_worked_figures_come_out(prometheus)
        rules_are_well(prometheus)
        centre.stop()
    finally:
        prometheus.stop()


def everything_is_shown(prometheus, centre):
    asked = [(f"{name}: {title}", title, filled(expression)) for name, board in boards()
             for title, expression in expressions(board)]
    assert len(asked) > 100
    missing = dict.fromkeys(entry for entry in asked if entry[1] not in SILENT)

    def all_are_found():
        assert centre.failure is None, centre.failure
        for entry in list(missing):
            missing[entry] = prometheus.query(entry[2])
            if known(missing[entry]):
                del missing[entry]
        return not missing

    try:
        wait_until("every expression finds something", all_are_found, timeout=120)
    except AssertionError as late:
        raise AssertionError("nothing found by:\n" + "\n".join(
            f"{where}\n    {expression}\n    {samples}" for (where, _, expression), samples
            in missing.items())) from late
    for where, title, expression in asked:  # what is silent is understood all the same
        if title in SILENT:
            prometheus.query(expression)


def the_worked_figures_come_out(prometheus):
    """1,000 answered, 860 of them within 20 s; 60 gave up, 20 within 20 s and 10 within 5 s."""
    for rule, percent in (("service_level_abandons_met", 83.0), ("service_level_abandons_ignored", 86.0),
                          ("service_level_abandons_missed", 81.1), ("service_level", 81.9),
                          ("service_level_abandons_in_threshold_excluded", 82.7),
                          ("service_level_short_forgiven", 82.1)):
        name = f'job_queue:najimi_{rule}:ratio30m{{queue="worked"}}'
        wait_until(f"{name} is {percent} %", lambda: round(
            100 * (prometheus.value(name) or 0), 1) == percent)


def rules_are_well(prometheus):
    def all_are_evaluated():
        return all(rule["health"] != "unknown" for rule in prometheus.rules())

    wait_until("all rules are evaluated", all_are_evaluated)
    rules = prometheus.rules()
    assert len(rules) > 50
    assert [(rule["name"], rule["lastError"]) for rule in rules if rule["health"] != "ok"] == []
    for rule in rules:
        if rule["type"] == "recording":
            wait_until(f"{rule['name']} is known", lambda: known(prometheus.query(rule["name"])))
    firing = {alert["labels"]["alertname"] for rule in rules if rule["type"] == "alerting"
              for alert in rule["alerts"] if alert["state"] == "firing"}
    assert not any("error" in text for rule in rules if rule["type"] == "alerting"
                   for alert in rule["alerts"] for text in alert["annotations"].values())
    assert firing == set()
    names = set(prometheus.ask("label/__name__/values"))
    for rule in rules:
        for name in re.findall(r"(?:[a-z_]+:)?\b(?:najimi|process)_\w+(?::\w+)?", rule["query"]):
            assert name in names, f"{rule['name']} asks for {name}, which there is not"
