"""A live client that follows a run as the page does, through every loss of the connection."""

import contextlib
import json
import threading
import time
from typing import Any

from websockets.sync.client import connect

from designer.engine.state import RUN_STATUS, STEP_STATUS
from tests.installation import FINAL, Installation

RECONNECT_SECONDS = 0.2
SILENCE_SECONDS = 5


class Follower:
    """Ends when it has seen the run end; `statuses` are those of the nodes as it has been told."""

    def __init__(self, installation: Installation, run_id: str) -> None:
        self._installation = installation
        self._run_id = run_id
        self.status = ""
        self.seq = 0
        self.statuses: dict[str, str] = {}
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def _follow(self) -> None:
        while self.status not in FINAL:
            with contextlib.suppress(Exception):  # whatever breaks the connection, the client comes again
                self._listen()
            time.sleep(RECONNECT_SECONDS)

    def _listen(self) -> None:
        url = self._installation.url.replace("http", "ws") + f"/ws/runs/{self._run_id}"
        headers = {"Authorization": f"Bearer {self._installation.tokens['alice']}"}
        with connect(url, additional_headers=headers, origin=self._installation.url, open_timeout=5) as socket:  # type: ignore[arg-type]  # any text is an origin
            while self.status not in FINAL:
                # A hint that was lost is made good by asking again, as the page does.
                self._take(json.loads(socket.recv(timeout=SILENCE_SECONDS)))

    def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {"kind": "snapshot", "run": run}:
                self.seq, self.status = run["seq"], run["status"]
                self.statuses = {node: state["status"] for node, state in run["nodes"].items()}
            case {"kind": "event", "event": event} if event["seq"] == self.seq + 1:
                self.seq += 1
                if event["node"] is not None and event["kind"] in STEP_STATUS:
                    self.statuses[event["node"]] = STEP_STATUS[event["kind"]]
                elif event["kind"] in RUN_STATUS:
                    self.status = RUN_STATUS[event["kind"]]
            case {"kind": "event", "event": event} if event["seq"] > self.seq + 1:
                raise ConnectionError("a number is missing: ask for the whole state")
