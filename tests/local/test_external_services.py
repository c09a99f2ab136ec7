"""The same code on PostgreSQL, an outside broker and an S3 store, by environment variables alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from designer.local.processes import Processes
from designer.local.services import start_broker
from tests.installation import Installation, document_of, environment_with, installation
from tests.servers import BUCKET, object_store, postgres


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose data directory holds nothing that counts."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with (
        postgres() as database_url,
        object_store(folder / "objects") as bucket,
        Processes(grace_seconds=5) as processes,
        environment_with(**bucket),
    ):
        broker: dict[str, str] = {}
        start_broker(processes, folder, broker)
        with installation(
            folder / "home",
            DATABASE_URL=database_url,
            DESIGNER_STORE_URL=f"s3://{BUCKET}",
            DESIGNER_PRIVATE_NETWORKS="127.0.0.1",
            **broker,
        ) as running:
            yield running


def test_a_sample_runs_and_is_reused(elsewhere: Installation) -> None:
    with elsewhere.client() as client:
        draft = client.post("/api/samples/automobile-price/open").json()
        first, second = (
            elsewhere.wait(client.post("/api/runs", json={"draft_id": draft["id"]}).json()["id"]) for _ in range(2)
        )
    assert first["status"] == second["status"] == "completed"
    assert first["nodes"]["evaluate"]["metrics"]["Coefficient_of_Determination"] == pytest.approx(0.902, abs=0.001)
    assert second["counts"] == {"completed": 1, "reused": 7}  # a dataset is not computed
    with elsewhere.client() as client:
        digest = first["nodes"]["score"]["outputs"]["scored_dataset"]["digest"]
        assert len(client.get(f"/api/artifacts/{digest}/table?limit=100").json()["rows"]) == 58


def test_everything_that_counts_is_in_the_database_and_the_bucket(elsewhere: Installation) -> None:
    names = {path.name for path in elsewhere.home.iterdir()}
    assert not {"designer.sqlite3", "store", "valkey"} & names, names
    document = document_of(rows={"module": "enter_data_manually", "params": {"data": "a\n1\n"}})
    digest = elsewhere.run(document)["nodes"]["rows"]["outputs"]["dataset"]["digest"]
    client = boto3.client("s3", endpoint_url=elsewhere.environment["AWS_ENDPOINT_URL_S3"])
    assert client.list_objects_v2(Bucket=BUCKET, Prefix=f"{digest[:2]}/{digest}")["KeyCount"] == 1


def test_an_upload_is_read_by_a_worker_on_another_machine(elsewhere: Installation, tmp_path: Path) -> None:
    path = tmp_path / "fruit.csv"
    path.write_text("name,price\napple,3\npear,4\n", "utf-8")
    with elsewhere.client() as client, path.open("rb") as file:
        upload = client.post("/api/uploads", files={"file": ("fruit.csv", file)}).json()
    document = document_of(read={"module": "import_data", "params": {"path": upload["id"]}})
    run = elsewhere.run(document)
    assert run["nodes"]["read"]["outputs"]["output_data"]["meta"]["rows"] == 2


def test_a_pipeline_reads_a_database_and_writes_a_bucket_that_secrets_name(elsewhere: Installation) -> None:
    places = elsewhere.environment
    entries = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3")
    key = "\n".join(f"{name}={os.environ[name]}" for name in entries)
    with elsewhere.client() as client:
        for name, value in (("shop", places["DATABASE_URL"]), ("files", key)):
            assert client.post("/api/secrets", json={"name": name, "value": value}).status_code in (200, 201)
    query = {"data_source": "postgresql", "connection": "shop", "sql_query": "select n from generate_series(1, 3) n"}
    location = {"location": f"s3://{BUCKET}/exported/numbers.parquet", "access_key": "files"}
    export = {"datastore_type": "s3", "file_format": "parquet", **location}
    document = document_of(
        rows={"module": "import_data", "params": query},
        sent={"module": "export_data", "inputs": {"data": "rows"}, "params": export},
    )
    run = elsewhere.run(document)
    assert run["status"] == "completed", run
    with elsewhere.client() as client:
        digest = run["nodes"]["sent"]["outputs"]["exported_file"]["digest"]
        answer = client.get(f"/api/artifacts/{digest}/download")
    assert 'filename="receipt.json"' in answer.headers["Content-Disposition"]
    assert answer.json() == {"location": location["location"], "rows": 3}
    again = elsewhere.run(document_of(rows={"module": "import_data", "params": {"data_source": "s3", **location}}))
    assert again["nodes"]["rows"]["outputs"]["output_data"]["meta"]["rows"] == 3
