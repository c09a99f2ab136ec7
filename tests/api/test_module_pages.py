"""Pages of modules and their examples over HTTP."""

from tests.installation import Installation


def test_a_page_has_the_declaration_in_words_the_errors_and_the_example(live: Installation) -> None:
    with live.client("carol") as client:
        page = client.get("/api/modules/split_data/page").json()
    assert page["module"]["title"] == "Split Data"
    [fraction] = [fact for fact in page["parameters"] if fact["name"] == "fraction_of_rows"]
    assert (fraction["takes"], fraction["default"]) == ("number from 0 to 1", "`0.5`")
    assert fraction["condition"] == "Splitting mode is Split rows"
    assert "0021" in [failure["code"] for failure in page["failures"]]
    assert page["example"].startswith("format: designer/pipeline@1")


def test_an_example_opens_as_a_draft_without_problems(live: Installation) -> None:
    with live.client("bob") as client:
        opened = client.post("/api/modules/split_data/example/open")
        assert opened.status_code == 201
        draft = opened.json()
        client.delete(f"/api/drafts/{draft['id']}")
    assert draft["examination"]["problems"] == []
    assert "split_data" in [node.get("module") for node in draft["document"]["nodes"].values()]


def test_a_module_of_another_party_has_a_page_without_an_example(live: Installation) -> None:
    with live.client() as client:
        assert client.get("/api/modules/take_time/page").json()["example"] is None
        assert client.post("/api/modules/take_time/example/open").json()["code"] == "not_found"


def test_an_unknown_module_is_not_found(live: Installation) -> None:
    with live.client() as client:
        answer = client.get("/api/modules/nothing/page")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
