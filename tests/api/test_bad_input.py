"""Whatever a client sends, the server answers in words and stays up."""

import json
import string
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.installation import Installation, document_of

DESCRIPTION = json.loads((Path(__file__).parents[2] / "designer" / "api" / "openapi.json").read_text("utf-8"))
OPERATIONS = sorted(
    (method.upper(), path)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if "session" not in path and path != "/api/tokens/{token_id}"
)
WITH_BODY = [
    (method, path)
    for method, path in OPERATIONS
    if "application/json" in DESCRIPTION["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
]
NAN, HUGE = float("nan"), 10**40
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(["\ud800", "\0", "x" * 5000, "../../etc/passwd", str(HUGE)]))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.sampled_from([HUGE, NAN]))
VALUES = st.recursive(LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(TEXTS, v, max_size=3), max_leaves=8)
NAMES = ["document", "draft_id", "name", "parameters", "targets", "nodes", "format", "layout", "module", "inputs"]
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES | st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=4)
SEGMENTS = st.one_of(
    st.text(alphabet=string.printable, min_size=1, max_size=10),
    st.sampled_from(["0" * 64, "\0", "%00", "é", "..", str(HUGE), "-1", "00000000-0000-0000-0000-000000000000"]),
)
FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def explained(answer: httpx.Response) -> bool:
    """Whether an answer is a success, or says in words what is wrong."""
    if answer.status_code < 400:
        return True
    if "json" not in answer.headers["content-type"]:  # no such address, or not with this method
        return answer.status_code in (404, 405)
    return answer.status_code < 500 and bool(answer.json()["message"])


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@FUZZ
@given(data=st.data())
def test_any_address_is_answered(live: Installation, method: str, path: str, data: st.DataObject) -> None:
    parts = [quote(data.draw(SEGMENTS), safe="") if part.startswith("{") else part for part in path.split("/")]
    params = data.draw(st.dictionaries(st.sampled_from(["offset", "limit", "after", "columns", "format"]), TEXTS))
    query = urlencode(params, errors="surrogatepass")
    with live.client() as client:
        answer = client.request(method, f"{'/'.join(parts)}?{query}")
    assert explained(answer), answer.text


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@FUZZ
@given(body=BODIES | VALUES)
def test_any_body_is_answered(live: Installation, method: str, path: str, body: object) -> None:
    nowhere = path.replace("{draft_id}", "00000000-0000-0000-0000-000000000000")
    headers = {"Content-Type": "application/json", "If-Match": "x"}
    with live.client() as client:
        answer = client.request(method, nowhere, content=json.dumps(body), headers=headers)
    assert explained(answer), answer.text


BAD_DOCUMENTS: list[Any] = [
    {**document_of(), "name": "\ud800"},
    {**document_of(), "name": "a\0b"},
    {**document_of(), "description": "a\0b"},
    {**document_of(), "layout": {"a": [HUGE, NAN]}},
    document_of(a={"module": "split_data", "params": {"seed": HUGE}}),
    document_of(a={"module": "split_data", "params": {"fraction_of_rows": NAN}}),
    document_of(a={"module": "split_data", "inputs": {"dataset": "a"}}),
    document_of(a={"module": f"split_data@{HUGE}"}),
    document_of(a={"dataset": f"cars@{HUGE}"}),
    document_of(a={"dataset": "\0"}),
    document_of(**{f"n{i}": {"module": "split_data", "inputs": {"dataset": f"n{i + 1}"}} for i in range(500)}),
    json.loads('{"document":' * 200 + "{}" + "}" * 200),
    "[" * 5000,
    "&a [" + "*a, " * 50 + "]",
    "\0",
]


@pytest.mark.parametrize("document", BAD_DOCUMENTS, ids=range(len(BAD_DOCUMENTS)))
@pytest.mark.parametrize("path", ["/api/documents/examine", "/api/drafts", "/api/runs"])
def test_a_bad_document_is_answered(live: Installation, path: str, document: Any) -> None:
    body = json.dumps({"document": document})
    with live.client() as client:
        answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert explained(answer), answer.text


@pytest.mark.parametrize("path", ["/api/datasets", "/api/uploads"])
@pytest.mark.parametrize(
    "name", ["", ".", "..", "../../x.csv", "a" * 500 + ".csv", "é" * 200 + ".csv", "a\\b.csv", "%00.csv", "CON.csv"]
)
def test_any_file_name_is_taken_or_refused_in_words(live: Installation, path: str, name: str) -> None:
    with live.client() as client:
        answer = client.post(path, files={"file": (name, b"a,b\n1,2\n")})
    assert explained(answer), answer.text


@pytest.mark.parametrize("path", ["/api/datasets", "/api/uploads"])
@pytest.mark.parametrize("content", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\n"])
def test_a_broken_upload_is_answered(live: Installation, path: str, content: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    with live.client() as client:
        answer = client.post(path, content=content, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["message"]


def test_a_body_that_is_too_big_is_refused(live: Installation) -> None:
    with live.client() as client:
        answer = client.post("/api/documents/examine", json={"document": "x" * 13_000_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io"])
def test_another_name_for_this_server_is_refused(live: Installation, host: str) -> None:
    answer = httpx.get(f"{live.url}/api/session", headers={"Host": host})
    assert answer.status_code == 400
