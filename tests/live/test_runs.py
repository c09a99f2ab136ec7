"""The live socket: the whole state first, then numbered changes; nobody else listens."""

import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from tests.api.test_runs import chain
from tests.installation import Installation


def listen(live: Installation, run_id: str, person: str = "alice") -> list[dict[str, Any]]:
    url = live.url.replace("http", "ws") + f"/ws/runs/{run_id}"
    headers = {"Authorization": f"Bearer {live.tokens[person]}"}
    heard = []
    with connect(url, additional_headers=headers, origin=live.url) as socket:  # type: ignore[arg-type]  # any text is an origin
        while True:
            heard.append(json.loads(socket.recv(timeout=30)))
            last = heard[-1]
            ended = last["kind"] == "event" and last["event"]["kind"] == "run_completed"
            if ended or (last["kind"] == "snapshot" and last["run"]["status"] == "completed"):
                return heard


def test_a_snapshot_comes_first_and_then_every_event(live: Installation) -> None:
    document = chain(split={"module": "split_data", "inputs": {"dataset": "keep"}, "params": {"seed": 4321}})
    with live.client() as client:
        run = client.post("/api/runs", json={"document": document}).json()
    heard = listen(live, run["id"])
    assert heard[0]["kind"] == "snapshot"
    seen = [m["event"]["seq"] for m in heard if m["kind"] == "event" and m["event"]["seq"] > heard[0]["run"]["seq"]]
    last = live.wait(run["id"])["seq"]
    # Server and worker announce on ways of their own, so numbers may swap places; none is missing.
    assert sorted(seen) == list(range(heard[0]["run"]["seq"] + 1, last + 1))


def test_a_run_of_another_workspace_is_closed_without_a_word(live: Installation) -> None:
    run = live.run(chain())
    with pytest.raises(ConnectionClosedError) as caught:
        listen(live, run["id"], "mallory")
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4404


def test_another_sites_page_cannot_connect(live: Installation) -> None:
    url = live.url.replace("http", "ws") + "/ws/runs/00000000-0000-0000-0000-000000000000"
    with pytest.raises(InvalidStatus):
        connect(url, origin="http://evil.example")  # type: ignore[arg-type]  # any text is an origin
