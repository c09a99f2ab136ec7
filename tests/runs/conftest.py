"""Runs by hand: what is sent once a transaction has committed goes to a broker in this process."""

from collections.abc import Iterator

import pytest

from designer.celery import app


@pytest.fixture(autouse=True)
def own_broker() -> Iterator[None]:
    before = app.conf.broker_url
    app.conf.update(broker_url="memory://")
    yield
    app.conf.update(broker_url=before)
