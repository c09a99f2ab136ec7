"""What clients are sent when changes come quickly: all of it, in order, in few messages."""

import time
from typing import Any

import pytest

from designer import bus


class Layer:
    """Stands where the broker's client does."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[Any]]] = []
        self.fails_once = False

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if self.fails_once:
            self.fails_once = False
            raise OSError("the broker is away")
        self.sent.append((group, message["messages"]))

    def numbers(self, group: str) -> list[int]:
        return [message["number"] for to, messages in self.sent if to == group for message in messages]


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    made = Layer()
    monkeypatch.setattr(bus, "get_channel_layer", lambda: made)
    return made


def wait_for(layer: Layer, last: int) -> None:
    deadline = time.monotonic() + 30
    while last not in layer.numbers("a"):
        assert time.monotonic() < deadline, layer.sent
        time.sleep(0.01)


def test_many_changes_reach_each_group_in_order_and_together(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "GATHERED_SECONDS", 0.2)
    sender = bus._Sender()
    for number in range(200):
        sender.put("ab"[number % 2], [{"number": number}])
    sender.put("a", [{"number": 200}])
    wait_for(layer, 200)
    assert layer.numbers("a") == list(range(0, 201, 2))
    assert layer.numbers("b") == list(range(1, 200, 2))
    assert len(layer.sent) < 200


def test_what_could_not_be_sent_keeps_nothing_else_from_going(layer: Layer) -> None:
    layer.fails_once = True
    sender = bus._Sender()
    sender.put("b", [{"number": 0}])
    time.sleep(0.1)
    sender.put("a", [{"number": 1}])
    wait_for(layer, 1)
    assert layer.numbers("b") == []
