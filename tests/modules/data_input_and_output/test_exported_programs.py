"""Import and export of data in a program that knows nothing of ours: the same rows from and to the same places."""

import gzip
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest

from designer.engine.execution import execute
from designer.engine.step import Done, StepRequest
from designer.graph.examination import examine
from designer.graph.export.program import Program, program_of
from designer.graph.export.source import Source, Upload
from designer.graph.graph import Graph
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read
from designer.graph.script import script_of
from designer.store.artifacts import Store
from modules import catalog
from modules.data_input_and_output.import_data import import_data
from modules.kit import Context, Table
from tests.exporting.programs import Interpreter, assert_same_outputs, interpreter

CATALOG = catalog.load()
Make = Callable[..., Context]
NONE: dict[str, Any] = {"path": "", "url": "", "connection": "", "database": "", "sql_query": ""}


@pytest.fixture(scope="module")
def elsewhere(database: str, storage: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    """An interpreter whose environment has the secrets."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("shop", database)
        environment.setenv("files", storage)
        with interpreter(tmp_path_factory.mktemp("elsewhere")) as running:
            yield running


@pytest.fixture
def shop(database: str) -> Iterator[None]:
    with psycopg.connect(database) as made:
        made.execute("create table fruit (name text, price numeric, day date, bytes bytea)")
        made.execute(r"insert into fruit values ('apple', 1.5, '2024-02-29', '\x01ff'), ('pear', null, null, null)")
    yield
    with psycopg.connect(database) as made:
        made.execute("drop table fruit")
        made.execute("drop table if exists sold")


def planned(nodes: Mapping[str, Any], target: str, parameters: Mapping[str, Any] | None = None) -> tuple[Graph, Plan]:
    document = {"format": "designer/pipeline@1", "parameters": dict(parameters or {}), "nodes": dict(nodes)}
    examination = examine(read(document), CATALOG, {})
    return examination.graph, compile_plan(examination.graph, {}, [target])


def run(plan: Plan, context: Context, store: Store) -> dict[str, dict[str, Any]]:
    """What each step gives on the engine."""
    digests: dict[tuple[str, str], str] = {}
    found: dict[str, dict[str, Any]] = {}
    for step in plan.steps:
        inputs = {name: tuple(digests[w.node, w.port] for w in wires) for name, wires in step.inputs.items()}
        outcome = execute(StepRequest(step=step, inputs=inputs), store, context)
        assert isinstance(outcome, Done), outcome
        digests |= {(step.node, port): output.digest for port, output in outcome.outputs.items()}
        found[step.node] = {port: store.load(output.digest) for port, output in outcome.outputs.items()}
    return found


def run_elsewhere(
    graph: Graph, plan: Plan, files: list[Path], folder: Path, elsewhere: Interpreter
) -> tuple[Program, dict[str, Any]]:
    """What the variables hold at the end of the program, which lies beside its files."""
    program = program_of(Source(graph, plan, {str(path): Upload(path.name, "") for path in files}))
    for path in files:
        place = folder / "data" / path.name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(path.read_bytes())
    script = folder / "exported.py"
    script.write_text(script_of(program, script.name), "utf-8")
    given = elsewhere.run(script, [step.variable for step in program.steps], folder)
    assert "error" not in given, given["error"]["said"]
    return program, given["values"]


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "fruit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/one.csv", "name,price\napple,1\n")
        archive.writestr("a/two.jsonl.gz", gzip.compress(b'{"name": "pear", "price": 2.5}\n'))
    return path


@pytest.fixture
def file_of_sqlite(tmp_path: Path) -> Path:
    path = tmp_path / "fruit.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table fruit (name text, price real)")
        made.execute("insert into fruit values ('apple', 1.5), ('pear', null)")
    return path


def check_import(
    params: Mapping[str, Any], files: list[Path], context: Context, elsewhere: Interpreter, folder: Path
) -> pl.DataFrame:
    """Hold what a program reads against what the engine reads."""
    graph, plan = planned({"rows": {"module": "import_data", "params": dict(params)}}, "rows")
    engine = run(plan, context, Store.in_folder(folder / "store"))
    program, values = run_elsewhere(graph, plan, files, folder, elsewhere)
    assert_same_outputs(program, plan, engine, values)
    table = engine["rows"]["output_data"]
    assert isinstance(table, Table)
    return table.frame.collect()


def test_several_files_of_an_archive(upload: Path, reaching: Make, elsewhere: Interpreter, tmp_path: Path) -> None:
    params = {"path": str(upload), "files_in_archive": "a/**", "column_types": "price: double"}
    found = check_import(params, [upload], reaching(), elsewhere, tmp_path)
    assert found.rows() == [("apple", 1.0), ("pear", 2.5)]


def test_a_query_of_sqlite(file_of_sqlite: Path, reaching: Make, elsewhere: Interpreter, tmp_path: Path) -> None:
    params = {"data_source": "sqlite", "database": str(file_of_sqlite), "sql_query": "select * from fruit"}
    found = check_import(params, [file_of_sqlite], reaching(), elsewhere, tmp_path)
    assert found.rows() == [("apple", 1.5), ("pear", None)]


@pytest.mark.usefixtures("shop")
def test_a_query_of_postgresql(database: str, reaching: Make, elsewhere: Interpreter, tmp_path: Path) -> None:
    params = {"data_source": "postgresql", "connection": "shop", "sql_query": "select * from fruit order by name"}
    found = check_import(params, [], reaching(shop=database), elsewhere, tmp_path)
    assert found.rows()[1] == ("pear", None, None, None)


def test_files_of_s3(storage: str, reaching: Make, elsewhere: Interpreter, tmp_path: Path) -> None:
    for name, number in (("one.csv", 1), ("two.csv", 2)):
        params = {"datastore_type": "s3", "location": f"s3://data/programs/{name}", "access_key": "files"}
        _, plan = exporting(params, f"n\n{number}\n")
        run(plan, reaching(files=storage), Store.in_folder(tmp_path / "store"))
    params = {"data_source": "s3", "location": "s3://data/programs/**", "access_key": "files"}
    found = check_import(params, [], reaching(files=storage), elsewhere, tmp_path)
    assert found["n"].to_list() == [1, 2]


def exporting(params: Mapping[str, Any], data: str = "name,price\napple,1.5\npear,\n") -> tuple[Graph, Plan]:
    nodes = {
        "table": {"module": "enter_data_manually", "params": {"data": data}},
        "sent": {"module": "export_data", "inputs": {"data": "table"}, "params": dict(params)},
    }
    return planned(nodes, "sent")


@pytest.mark.parametrize(
    "params",
    [
        *({"file_format": file_format} for file_format in ("csv", "tsv", "parquet", "arrow", "json_lines", "excel")),
        {"file_name": "a b", "columns_to_be_saved": ["price", "name"], "datatable_columns": "p, n"},
        {"datastore_type": "sqlite", "data_table_name": "fruit"},
    ],
)
def test_a_file_is_written_with_the_same_bytes(
    params: dict[str, Any], reaching: Make, elsewhere: Interpreter, tmp_path: Path
) -> None:
    graph, plan = exporting(params)
    engine = run(plan, reaching(), Store.in_folder(tmp_path / "store"))
    program, values = run_elsewhere(graph, plan, [], tmp_path, elsewhere)
    assert_same_outputs(program, plan, engine, values)


@pytest.mark.usefixtures("shop")
def test_a_table_of_postgresql_gets_the_rows(
    database: str, reaching: Make, elsewhere: Interpreter, tmp_path: Path
) -> None:
    params = {"datastore_type": "postgresql", "connection": "shop", "data_table_name": "sold"}
    graph, plan = exporting(params)
    engine = run(plan, reaching(shop=database), Store.in_folder(tmp_path / "store"))
    program, values = run_elsewhere(graph, plan, [], tmp_path, elsewhere)
    assert_same_outputs(program, plan, engine, values)
    with psycopg.connect(database) as made:
        assert made.execute("select * from sold").fetchall() == [("apple", 1.5), ("pear", None)] * 2


def test_s3_gets_the_file(storage: str, reaching: Make, elsewhere: Interpreter, tmp_path: Path) -> None:
    location = "s3://data/sent/fruit.parquet"
    params = {"datastore_type": "s3", "location": location, "access_key": "files", "file_format": "parquet"}
    graph, plan = exporting(params)
    program, values = run_elsewhere(graph, plan, [], tmp_path, elsewhere)
    there = import_data(
        data_source="s3", location=location, access_key="files", context=reaching(files=storage), **NONE
    )
    assert there.collect().rows() == [("apple", 1.5), ("pear", None)]
    engine = run(plan, reaching(files=storage), Store.in_folder(tmp_path / "store"))
    assert_same_outputs(program, plan, engine, values)


def packages_of(params: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> set[str]:
    graph, plan = planned({"rows": {"module": "import_data", "params": dict(params)}}, "rows", parameters)
    program = program_of(Source(graph, plan, {}))
    return {requirement.partition("==")[0].lower().replace("_", "-") for requirement in program.requirements}


def test_a_program_that_asks_a_database_says_what_it_needs() -> None:
    params = {"data_source": "postgresql", "connection": "shop", "sql_query": "select 1"}
    names = packages_of(params)
    assert {"polars", "psycopg", "psycopg-binary"} <= names
    assert not {"httpx", "botocore", "fastexcel"} & names


def test_a_program_that_may_ask_anything_says_all_that_it_needs() -> None:
    params = {
        **NONE,
        "data_source": {"$parameter": "source"},
        "url": "https://example.org/a.csv",
        "connection": "shop",
        "location": "s3://bucket/a.csv",
    }
    names = packages_of(params, {"source": {"type": "string", "default": "postgresql"}})
    assert {"polars", "psycopg", "psycopg-binary", "httpx", "botocore", "fastexcel"} <= names


def test_a_program_without_its_secret_says_so(reaching: Make, tmp_path: Path) -> None:
    params = {"data_source": "postgresql", "connection": "elsewhere", "sql_query": "select 1"}
    graph, plan = planned({"rows": {"module": "import_data", "params": params}}, "rows")
    with interpreter(tmp_path) as without:
        script = tmp_path / "exported.py"
        program = program_of(Source(graph, plan, {}))
        script.write_text(script_of(program, script.name), "utf-8")
        given = without.run(script, ["rows"], tmp_path)
    assert "Set the environment variable elsewhere" in given["error"]["said"]
