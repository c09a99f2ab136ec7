"""Why nodes run, over HTTP: what a submission would do, and what a run has done."""

import statistics
import time
from typing import Any

import pytest

from tests.api.test_runs import chain
from tests.installation import Installation, Json

COLUMNS = ["make", "price"]


def with_name(name: str, **changed: Any) -> Json:
    """Runs without a draft are compared with those of the same name."""
    return {**chain(**changed), "name": name}


def split(fraction: float, seed: int = 0) -> Json:
    params = {"fraction_of_rows": fraction, "seed": seed}
    return {"module": "split_data", "inputs": {"dataset": "keep"}, "params": params}


def forecast(live: Installation, document: Json, **wish: Any) -> dict[str, Json]:
    with live.client() as client:
        answer = client.post("/api/runs/forecast", json={"document": document, **wish})
    assert answer.status_code == 200, answer.text
    nodes: dict[str, Json] = answer.json()["nodes"]
    return nodes


def explanations(live: Installation, run: Json) -> dict[str, Json]:
    with live.client() as client:
        nodes: dict[str, Json] = client.get(f"/api/runs/{run['id']}/explanations").json()["nodes"]
    return nodes


def outcomes(nodes: dict[str, Json]) -> dict[str, str]:
    return {node: explanation["outcome"] for node, explanation in nodes.items()}


def test_a_run_says_why_each_node_ran_or_was_reused(live: Installation) -> None:
    live.run(with_name("Says why", split=split(0.7, seed=11)))
    told = explanations(live, live.run(with_name("Says why", split=split(0.75, seed=11))))
    assert outcomes(told) == {"cars": "given", "keep": "reused", "split": "ran"}
    assert told["split"]["sentence"] == "It ran because `fraction_of_rows` went from 0.7 to 0.75."
    [cause] = told["split"]["causes"]
    assert (cause["kind"], cause["name"], cause["before"], cause["after"]) == (
        "parameter",
        "fraction_of_rows",
        0.7,
        0.75,
    )
    assert told["keep"]["sentence"].endswith(": nothing it depends on has changed.")


def test_a_changed_input_is_followed_to_its_root(live: Installation) -> None:
    again = {"module": "split_data", "inputs": {"dataset": "split.results_dataset1"}, "params": {"seed": 12}}
    live.run(with_name("Root", split=split(0.7, seed=12), again=again))
    told = explanations(live, live.run(with_name("Root", split=split(0.8, seed=12), again=again)))
    assert told["again"]["sentence"] == (
        "It ran because its input from `split` changed, since `fraction_of_rows` of `split` went from 0.7 to 0.8."
    )


def test_the_same_data_again_lets_what_is_below_be_reused(live: Installation) -> None:
    keep = chain()["nodes"]["keep"]
    rules = {"base": "none", "rules": [{"op": "include", "by": "names", "values": COLUMNS}]}
    live.run(with_name("Early", split=split(0.7, seed=13)))
    run = live.run(with_name("Early", keep={**keep, "params": {"columns": rules}}, split=split(0.7, seed=13)))
    told = explanations(live, run)
    assert outcomes(told) == {"cars": "given", "keep": "ran", "split": "reused"}
    assert told["split"]["same_again"] == ["keep"]
    assert told["split"]["sentence"].endswith(": `keep` ran again and gave the same data.")


def test_a_forecast_marks_what_would_run_and_comes_true(live: Installation) -> None:
    live.run(with_name("Forecast", split=split(0.7, seed=14)))
    document = with_name("Forecast", split=split(0.75, seed=14), free={"module": "split_data"})
    told = forecast(live, document)
    assert outcomes(told) == {"cars": "given", "keep": "will_reuse", "split": "will_run", "free": "blocked"}
    assert told["split"]["sentence"] == "It will run because `fraction_of_rows` went from 0.7 to 0.75."
    assert told["free"]["sentence"] == "It cannot run yet: input 'dataset' is not connected."
    run = live.run(with_name("Forecast", split=split(0.75, seed=14)))
    assert {node: run["nodes"][node]["status"] for node in ("keep", "split")} == {
        "keep": "reused",
        "split": "completed",
    }


def test_a_forecast_of_everything_again_says_who_asked(live: Installation) -> None:
    live.run(with_name("Again", split=split(0.7, seed=15)))
    told = forecast(live, with_name("Again", split=split(0.7, seed=15)), force=True)
    assert outcomes(told) == {"cars": "given", "keep": "will_run", "split": "will_run"}
    assert told["keep"]["sentence"] == "It will run because you asked for it to run again."


def test_a_part_runs_again_from_a_node_on(live: Installation) -> None:
    document = with_name("From here", split=split(0.7, seed=16))
    live.run(document)
    run = live.run(document, starts=["split"])
    assert {node: state["status"] for node, state in run["nodes"].items()} == {
        "cars": "completed",
        "keep": "reused",
        "split": "completed",
    }


def test_where_reuse_ends_is_told(live: Installation) -> None:
    clock = {"module": "measure"}
    below = {"module": "split_data", "inputs": {"dataset": "clock"}, "params": {"seed": 17}}
    document = {"format": "designer/pipeline@1", "name": "Ends", "nodes": {"clock": clock, "below": below}}
    live.run(document)
    told = forecast(live, document)
    assert (told["clock"]["ends_reuse"], told["below"]["ends_reuse"]) == (True, False)
    assert told["clock"]["sentence"] == "It will run because its module can give another result each time."


@pytest.mark.parametrize(
    "body", [{}, {"document": 7}, {"document": {"nodes": 1}}, {"document": chain(), "targets": ["nix"]}]
)
def test_a_forecast_of_nonsense_is_refused_in_words(live: Installation, body: Json) -> None:
    with live.client() as client:
        answer = client.post("/api/runs/forecast", json=body)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_who_may_ask(live: Installation) -> None:
    run = live.run(chain())
    for person, status in (("bob", 200), ("carol", 200), ("mallory", 404)):
        with live.client(person) as client:
            assert client.get(f"/api/runs/{run['id']}/explanations").status_code == status


def test_a_forecast_of_a_hundred_nodes_is_quick(live: Installation) -> None:
    nodes: Json = {"cars": {"dataset": "automobile-price-data-raw"}}
    above = "cars"
    for number in range(99):
        params = {"columns": [*COLUMNS, "horsepower"]} if number % 2 else {"columns": {"base": "all"}}
        nodes[f"n{number}"] = {"module": "select_columns_in_dataset", "inputs": {"dataset": above}, "params": params}
        above = f"n{number}"
    document = {"format": "designer/pipeline@1", "name": "Hundred", "nodes": nodes}
    live.run(document)
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        told = forecast(live, document)
        seconds.append(time.perf_counter() - started)
    assert set(outcomes(told).values()) == {"given", "will_reuse"}
    print(f"forecast of 100 nodes: {statistics.median(seconds) * 1000:.0f} ms")
    assert statistics.median(seconds) < 0.3
