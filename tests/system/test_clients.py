"""Clients that nobody here wrote: a JSON-RPC library from npm, nc, a netstring stream."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

JAYSON = "jayson@4"
SCRIPT = """
const jayson = require('jayson');
const client = jayson.Client.tcp({ host: '127.0.0.1', port: Number(process.argv[2]) });
const steps = JSON.parse(process.argv[3]);
const results = [];
function next() {
    const step = steps.shift();
    if (!step) { console.log(JSON.stringify(results)); return; }
    client.request(step[0], step[1], (error, reply) => {
        if (error) { console.error(error); process.exit(1); }
        results.push(reply);
        next();
    });
}
next();
"""


@pytest.fixture(scope="session")
def jayson(program, tmp_path_factory):
    """A folder in which node finds jayson; kept beside the build, since it comes over the network."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("skipped, because node and npm are not installed")
    folder = pathlib.Path(program).parent / "npm"
    if not (folder / "node_modules" / "jayson").is_dir():
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text('{"private":true}')
        got = subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", JAYSON],
                             cwd=folder, capture_output=True, text=True, timeout=300)
        if got.returncode != 0:
            pytest.skip(f"skipped, because npm could not install {JAYSON}: {got.stderr[-300:]}")
    return folder


def test_jayson_routes_a_call_with_a_connection_for_each_request(daemon, jayson, tmp_path):
    script = tmp_path / "client.js"
    script.write_text(SCRIPT)
    steps = [["agent.login", {"agent": "alice", "target": "PJSIP/alice", "queues": ["sales"], "state": "ready"}],
             ["call.arrive", {"call_id": "c1", "queue": "sales", "from": "0312345678"}],
             ["call.answered", {"call_id": "c1", "offer": 1}],
             ["call.ended", {"call_id": "c1", "by": "caller"}],
             ["no.such", {}]]
    run = subprocess.run(["node", str(script), str(daemon.rpc_port), json.dumps(steps)],
                         capture_output=True, text=True, timeout=300,
                         env=dict(os.environ, NODE_PATH=str(jayson / "node_modules")))
    assert run.returncode == 0, run.stderr
    replies = json.loads(run.stdout)
    assert replies[0]["result"]["state"] == "ready"
    assert replies[1]["result"]["agent"] == "alice"
    assert replies[2]["result"] == {}
    assert replies[3]["result"]["outcome"] == "answered"
    assert replies[4]["error"]["code"] == -32601


def test_nc_and_a_person(daemon):
    typed = ('{"jsonrpc":"2.0","id":1,"method":"agent.login","params":{"agent":"alice","queues":["sales"],"state":"ready"}}\n'
             '\r\n'
             '{"jsonrpc":"2.0","id":2,"method":"call.arrive","params":{"call_id":"c1","queue":"sales"}}\r\n')
    with subprocess.Popen(["nc", "-q", "1", "127.0.0.1", str(daemon.rpc_port)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as nc:
        nc.stdin.write(typed)
        nc.stdin.flush()
        replies = [json.loads(nc.stdout.readline()) for _ in range(2)]  # people do not hurry away
    assert [reply["id"] for reply in replies] == [1, 2]
    assert replies[1]["result"]["agent"] == "alice"


def test_route_request_in_netstrings_as_a_sip_proxy_asks(daemon):
    with daemon.client() as desk:
        desk.call("agent.login", agent="alice", target="sip:alice@127.0.0.1:5081", queues=["sales"], state="ready")
    with daemon.client(netstring=True) as proxy:
        answer = proxy.call("route.request", call="1-6169@127.0.0.1", queue="sales",
                            **{"from": "0312345678", "to": "700"})
    assert answer["action"] == "connect" and answer["uri"] == "sip:alice@127.0.0.1:5081"
    assert answer["rtjson"]["routes"][0]["uri"] == "sip:alice@127.0.0.1:5081"
