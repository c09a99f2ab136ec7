"""Start everything, print one sign-in link, and stop everything at Ctrl-C.

``python -m designer.local [--reload]``; HOST, PORT and DESIGNER_HOME are honoured. With --reload, server and worker
start again when a Python file changes, and Vite serves the page at PORT and passes the rest on.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from types import FrameType

from designer.local.processes import ROOT, Processes
from designer.local.services import (
    HomeInUse,
    claim,
    environment_of,
    free_port,
    home_folder,
    run_python,
    start_broker,
    start_worker,
)

GRACE_SECONDS = 10
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where the server answers if bound to these


def main() -> int:
    """Serve until a signal comes or a process ends by itself again and again."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if said := port_problem(host, port):
        return complain(said)
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    with Processes(GRACE_SECONDS) as processes:
        try:
            link = start(processes, host, int(port), reload="--reload" in sys.argv)
        except HomeInUse as error:
            return complain(str(error))
        except subprocess.CalledProcessError:
            return complain("The data directory could not be prepared; the reason stands above.")
        if processes.wait_for_port(ANY_ADDRESS.get(host, host), int(port), stop):
            print(
                f"\n  Designer is running. Open this link, it signs you in once:\n\n    {link}\n\n  Ctrl-C stops it.\n",
                flush=True,
            )
        return watch(processes, stop)


def start(processes: Processes, host: str, port: int, *, reload: bool) -> str:
    """Start broker, worker and server; returns the sign-in link. The port answers a little later."""
    home = home_folder()
    claim(home, processes)
    environment = environment_of(home) | {"HOST": ANY_ADDRESS.get(host, host), "PORT": str(port)}
    start_broker(processes, home, environment)
    link = run_python(["-m", "designer.local.preparation", "--link"], environment).strip()
    if reload:
        server_port = free_port()
        start_server(processes, environment, "127.0.0.1", server_port, "--reload", "--reload-dir", "designer")
        npm = shutil.which("npm") or "npm"
        page = {**environment, "DESIGNER_SERVER": f"http://127.0.0.1:{server_port}"}
        vite = [npm, "run", "--silent", "dev", "--", "--host", host, "--port", str(port), "--strictPort"]
        processes.start("page", vite, page, ROOT / "frontend")
    else:
        start_server(processes, environment, host, port)
    start_worker(processes, environment, reload=reload)
    return link


def start_server(processes: Processes, environment: dict[str, str], host: str, port: int, *options: str) -> None:
    """Start the HTTP and websocket server."""
    quiet = ["--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "3"]
    server = [sys.executable, "-m", "uvicorn", "designer.asgi:application", "--host", host, "--port", str(port)]
    processes.start("server", [*server, *quiet, *options], environment)


def watch(processes: Processes, stop: threading.Event) -> int:
    """Wait for the signal to stop; a process that ends before it is started again, a few times."""
    while not stop.wait(0.3):
        if child := processes.ended():
            code = child.popen.returncode
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            if not processes.restart(child):
                return complain(f"The {child.name} keeps ending by itself ({how}); everything is stopped.")
            complain(f"The {child.name} has ended by itself ({how}) and is started again.")
    return 0


def complain(text: str) -> int:
    """Say one line on standard error; returns the exit code for it."""
    print(text, file=sys.stderr, flush=True)
    return 1


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
