"""Runs over HTTP, on a real broker and worker."""

from typing import Any

import pytest

from tests.installation import Installation


def chain(**changed: Any) -> dict[str, Any]:
    nodes: dict[str, Any] = {
        "cars": {"dataset": "automobile-price-data-raw"},
        "keep": {
            "module": "select_columns_in_dataset",
            "inputs": {"dataset": "cars"},
            "params": {"columns": ["make", "price"]},
        },
        "split": {"module": "split_data", "inputs": {"dataset": "keep"}, "params": {"fraction_of_rows": 0.25}},
    }
    return {"format": "designer/pipeline@1", "name": "Chain", "nodes": {**nodes, **changed}}


def test_a_run_completes_and_its_outputs_can_be_read(live: Installation) -> None:
    run = live.run(chain())
    assert run["status"] == "completed"
    output = run["nodes"]["split"]["outputs"]["results_dataset1"]
    assert output["meta"]["rows"] == 51
    with live.client() as client:
        page = client.get(f"/api/artifacts/{output['digest']}/table", params={"limit": 3}).json()
        figures = client.get(f"/api/artifacts/{output['digest']}/statistics").json()
        file = client.get(f"/api/artifacts/{output['digest']}/download", params={"format": "csv"})
    assert (page["total_rows"], len(page["rows"]), [c["name"] for c in page["columns"]]) == (51, 3, ["make", "price"])
    assert [c["name"] for c in figures] == ["make", "price"]
    assert file.text.splitlines()[0] == "make,price"


def test_what_has_not_changed_is_reused_whatever_the_nodes_are_called(live: Installation) -> None:
    live.run(chain())
    document = chain()
    nodes = document["nodes"]
    nodes["other_name"] = nodes.pop("keep")
    nodes["split"] = {**nodes["split"], "inputs": {"dataset": "other_name"}, "params": {"fraction_of_rows": 0.5}}
    run = live.run(document)
    assert run["nodes"]["other_name"]["status"] == "reused"
    assert run["nodes"]["split"]["status"] in ("completed", "reused")


def test_a_failed_step_names_what_is_wrong_and_skips_what_needs_it(live: Installation) -> None:
    run = live.run(
        chain(
            split={
                "module": "split_data",
                "inputs": {"dataset": "keep"},
                "params": {"splitting_mode": "relative_expression", "relational_expression": r'\"prize" > 3'},
            },
            again={"module": "split_data", "inputs": {"dataset": "split.results_dataset1"}},
        )
    )
    assert run["status"] == "failed"
    error = run["nodes"]["split"]["error"]
    assert (error["code"], error["column"]) == ("0001", "prize")
    assert "did you mean `price`?" in error["message"]
    assert run["nodes"]["again"]["status"] == "skipped"


def test_problems_are_listed_before_anything_is_submitted(live: Installation) -> None:
    with live.client() as client:
        answer = client.post("/api/runs", json={"document": chain(keep={"module": "selekt"})})
    assert answer.status_code == 422
    assert [p["node"] for p in answer.json()["problems"]][:1] == ["keep"]


def test_events_are_numbered_without_a_gap(live: Installation) -> None:
    run = live.run(chain())
    with live.client() as client:
        events = client.get(f"/api/runs/{run['id']}/events").json()
        rest = client.get(f"/api/runs/{run['id']}/events", params={"after": 3}).json()
    assert [event["seq"] for event in events] == list(range(1, run["seq"] + 1))
    assert (events[0]["kind"], events[-1]["kind"]) == ("run_started", "run_completed")
    assert rest == events[3:]


def test_targets_run_a_part(live: Installation) -> None:
    run = live.run(chain(), targets=["keep"])
    assert set(run["nodes"]) == {"cars", "keep"}


@pytest.mark.parametrize(("person", "status"), [("alice", 200), ("bob", 200), ("carol", 200), ("mallory", 404)])
def test_who_may_see_a_run(live: Installation, person: str, status: int) -> None:
    run = live.run(chain())
    digest = run["nodes"]["keep"]["outputs"]["results_dataset"]["digest"]
    with live.client(person) as client:
        for path in (f"/api/runs/{run['id']}", f"/api/runs/{run['id']}/events", f"/api/artifacts/{digest}/table"):
            assert client.get(path).status_code == status, path


def test_a_reader_changes_nothing(live: Installation) -> None:
    with live.client("carol") as client:
        answer = client.post("/api/runs", json={"document": chain()})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
def test_a_stranger_sees_nothing(live: Installation, headers: dict[str, str]) -> None:
    import httpx

    for path in ("/api/session", "/api/modules", "/api/drafts", "/api/runs", "/api/datasets"):
        answer = httpx.get(live.url + path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
