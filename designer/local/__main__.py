"""Start everything, print one sign-in link, and stop everything at Ctrl-C.

``python -m designer.local``; HOST, PORT and DESIGNER_HOME are honoured.
"""

import os
import signal
import socket
import sys
import threading
from types import FrameType

from designer.local.processes import Processes
from designer.local.services import home_folder, run_command, services

GRACE_SECONDS = 10


def main() -> int:
    """Serve until a signal comes or a process ends by itself."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if said := port_problem(host, port):
        print(said, file=sys.stderr)
        return 1
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    with Processes(GRACE_SECONDS) as processes:
        environment = services(processes, home_folder())
        options = ["--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "3"]
        server = [sys.executable, "-m", "uvicorn", "designer.asgi:application", "--host", host, "--port", port]
        processes.start("server", [*server, *options], environment)
        processes.wait_for_port(host, int(port), stop)
        if not stop.is_set() and not processes.ended():
            link = run_command(["sign_in_link"], environment).strip()
            print(
                f"\n  Designer is running. Open this link, it signs you in once:\n\n    {link}\n\n  Ctrl-C stops it.\n",
                flush=True,
            )
        while not stop.wait(0.3):
            if name := processes.ended():
                print(
                    f"The {name} has ended by itself; its messages stand above. Everything is stopped.", file=sys.stderr
                )
                return 1
    return 0


def port_problem(host: str, port: str) -> str | None:
    """Why the address cannot be served, in one line, or None."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT is {port!r}; expected a number from 1 to 65535."
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            return f"Port {port} of {host} cannot be used ({error.strerror}). Choose another one: PORT=8010 make run"
    return None


if __name__ == "__main__":
    sys.exit(main())
