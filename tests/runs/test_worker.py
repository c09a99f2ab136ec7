"""Steps on a real worker: what they say, how they end, and how they are ended."""

import time

import pytest

from tests.installation import Installation, document_of


def test_what_a_step_says_stays(live: Installation) -> None:
    run = live.run(document_of(talk={"module": "talk", "params": {"lines": 2}}))
    with live.client() as client:
        log = client.get(f"/api/runs/{run['id']}/nodes/talk/log").json()
        rest = client.get(f"/api/runs/{run['id']}/nodes/talk/log", params={"offset": 10}).json()
    assert log["text"].startswith("line 0 – grüß Gott\nline 1 – grüß Gott\n")
    assert "this is only a test" in log["text"]
    assert log["text"].endswith("the end\n")
    assert log["complete"]
    assert log["text"].encode()[10:].decode("utf-8", "replace") == rest["text"]
    assert rest["offset"] == log["offset"] == len(log["text"].encode())


def test_metrics_and_small_tables_stay(live: Installation) -> None:
    node = live.run(document_of(measure={"module": "measure"}))["nodes"]["measure"]
    assert (node["metrics"], node["tables"]) == ({"answer": 42}, {"rows": [{"a": 1, "b": "x"}]})


def test_what_is_ready_runs_at_the_same_time(live: Installation) -> None:
    slow = {"module": "take_time", "params": {"seconds": 1}}
    run = live.run(document_of(first=slow, second=slow))
    first, second = run["nodes"]["first"], run["nodes"]["second"]
    assert first["started_at"] < second["finished_at"]
    assert second["started_at"] < first["finished_at"]


def test_a_running_step_is_killed_and_a_queued_one_never_starts(live: Installation) -> None:
    slow = {"module": "take_time", "params": {"seconds": 60}}
    later = {"module": "take_time", "inputs": {"dataset": "a"}}
    run_id = live.submit(document_of(a=slow, b=slow, c=slow, d=slow, later=later))
    live.wait_for(run_id, "a", "running")
    with live.client() as client:
        cancelled = client.post(f"/api/runs/{run_id}/cancel").json()
        again = client.post(f"/api/runs/{run_id}/cancel").json()
    assert {node["status"] for node in cancelled["nodes"].values()} == {"cancelled"}
    assert (cancelled["status"], again) == ("cancelled", cancelled)
    began = time.monotonic()
    assert live.run(document_of(quick={"module": "take_time"}))["status"] == "completed"
    assert time.monotonic() - began < 30


def test_a_step_that_ends_its_process_fails_alone(live: Installation) -> None:
    other = {"module": "take_time"}
    run = live.run(document_of(end={"module": "end_process"}, other=other))
    assert (run["status"], run["nodes"]["other"]["status"]) == ("failed", "completed")
    assert "exit code 3" in run["nodes"]["end"]["error"]["message"]


def test_a_step_is_tried_again_as_often_as_its_node_says(live: Installation, tmp_path: object) -> None:
    node = {"module": "fail_once", "params": {"marker": f"{tmp_path}/failed"}, "retries": 1}
    run = live.run(document_of(once=node))
    with live.client() as client:
        events = client.get(f"/api/runs/{run['id']}/events").json()
    kinds = [event["kind"] for event in events if event["node"] == "once"]
    assert kinds == ["step_queued", "step_started", "step_queued", "step_started", "step_completed"]


def test_a_step_that_takes_too_long_is_ended(live: Installation) -> None:
    node = {"module": "take_time", "params": {"seconds": 60}, "timeout": 1}
    error = live.run(document_of(slow=node))["nodes"]["slow"]["error"]
    assert (error["code"], "1 s" in error["message"]) == ("0072", True)


def test_an_upload_reaches_the_step_that_names_it(live: Installation) -> None:
    with live.client() as client:
        kept = client.post("/api/uploads", files={"file": ("words.txt", b"four")}).json()
        same = client.post("/api/uploads", files={"file": ("words.txt", b"four")}).json()
    node = {"module": "read_upload", "params": {"path": kept["id"]}}
    run = live.run(document_of(read=node))
    digest = run["nodes"]["read"]["outputs"]["results"]["digest"]
    with live.client() as client:
        page = client.get(f"/api/artifacts/{digest}/table").json()
    assert same["id"] == kept["id"]
    assert page["rows"] == [["words.txt", 4]]


@pytest.mark.parametrize("path", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_upload_that_is_not_there_is_a_problem_of_its_node(live: Installation, path: str) -> None:
    document = document_of(read={"module": "read_upload", "params": {"path": path}})
    with live.client() as client:
        answer = client.post("/api/runs", json={"document": document})
    [problem] = answer.json()["problems"]
    assert (answer.status_code, problem["node"], problem["key"]) == (422, "read", "params.path")


def test_somebody_elses_upload_is_not_there(live: Installation) -> None:
    with live.client("mallory") as client:
        theirs = client.post("/api/uploads", files={"file": ("a.txt", b"secret")}).json()
    document = document_of(read={"module": "read_upload", "params": {"path": theirs["id"]}})
    with live.client() as client:
        assert client.post("/api/runs", json={"document": document}).status_code == 422
