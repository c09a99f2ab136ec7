"""What a step process says holds no secret, however it got in."""

import io
import json

import pytest

from designer.engine.process import HIDDEN, Answers, parts_of_secret
from designer.engine.step import StepRequest
from designer.graph.plan import Step


@pytest.mark.parametrize(
    ("secret", "parts"),
    [
        ("postgresql://ann:p%40ssword@db/sales", {"postgresql://ann:p%40ssword@db/sales", "p%40ssword", "p@ssword"}),
        ("aws_access_key_id = AKIAX\naws_secret_access_key=ab/c+d==", {"AKIAX", "ab/c+d=="}),
        ('{"aws_access_key_id": "AKIAX", "region": "eu"}', {"AKIAX"}),
        ("abc", set()),
    ],
)
def test_passwords_and_keys_are_secret_by_themselves(secret: str, parts: set[str]) -> None:
    assert set(parts_of_secret(secret)) - {secret} == parts - {secret}


def test_messages_show_dots_in_the_place_of_secrets() -> None:
    stream = io.StringIO()
    answers = Answers(stream)
    answers.hide(['pass"word\u00e9'])
    answers.send("log", text='connecting with pass"word\u00e9 to db')
    answers.hide([])
    answers.send("log", text="password")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["text"] == f"connecting with {HIDDEN} to db"
    assert second["text"] == "password"


def test_a_request_does_not_show_its_secrets_in_words() -> None:
    request = StepRequest(step=Step(node="a", kind="module"), secrets={"db": "hidden-value"})
    assert "hidden-value" not in repr(request)
    assert "hidden-value" not in str(request)
