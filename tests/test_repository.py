"""The files of the project themselves: nothing of one machine, complete sample data, links that lead somewhere."""

import io
import json
import re
import subprocess
import tokenize
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
import yaml

ROOT = Path(__file__).parents[1]
DATA = sorted((ROOT / "samples" / "data").glob("*.json"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Written so that this file does not hold what it looks for.
OF_ONE_MACHINE = re.compile(
    r"/wor[k]/|/roo[t]/|/hom[e]/\w+/|registr[y]\.\w+\.\w+|\bpyp[i]\.org|\.inde[x]-url|--inde[x]-url"
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S607  our own command
    return [ROOT / name for name in listed.stdout.split("\0") if name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        if path.is_file() and path.suffix not in {".png", ".ico", ".parquet"}:
            text = path.read_text("utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in OF_ONE_MACHINE.finditer(text)]
    assert found == []


FOR_CHECKERS = re.compile(r"#\s*(noqa|type:\s*ignore)\b(.*)$")
REASON = {
    "noqa": re.compile(r":\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*\s+\W*\w"),
    "type": re.compile(r"\[[a-z, -]+\]\s+#\s*\w"),
}


def unexplained(source: str) -> list[str]:
    """Comments that silence a checker and do not say why."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        said = FOR_CHECKERS.search(token.string) if token.type == tokenize.COMMENT else None
        if said and not REASON[said[1][:4]].match(said[2]):
            found.append(token.string)
    return found


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_what_silences_a_checker_says_why() -> None:
    sources = [path for path in tracked_files() if path.suffix == ".py" and path.is_file()]
    found = {str(path.relative_to(ROOT)): unexplained(path.read_text("utf-8")) for path in sources}
    assert {name: comments for name, comments in found.items() if comments} == {}


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: E501", "# noqa: A001, A002", "# type: ignore", "# type: ignore[misc]"]
)
def test_a_bare_comment_for_a_checker_is_found(comment: str) -> None:
    assert unexplained(f"x = 1  {comment}\n") == [comment]


@pytest.mark.parametrize(
    "comment", ["# noqa: E501  a table", "# noqa: A001, A002 (its name)", "# type: ignore[a-b]  # why"]
)
def test_a_comment_with_a_reason_is_enough(comment: str) -> None:
    assert unexplained(f"x = 1  {comment}\n") == []


def compose_file() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return document


def test_the_compose_file_fits_its_schema() -> None:
    schema = json.loads((ROOT / "tests" / "fixtures" / "compose-spec.json").read_text("utf-8"))
    jsonschema.Draft201909Validator(schema).validate(compose_file())


def test_the_compose_file_holds_no_secret() -> None:
    for service in compose_file()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|_KEY|DATABASE_URL|BROKER_URL", name):
                assert re.search(r"\$\{\w+:\?", value), name


def test_every_service_of_the_compose_file_is_watched_and_started_again() -> None:
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text("utf-8")
    services = compose_file()["services"]
    assert set(services) == {"preparation", "web", "worker", "beat", "broker", "database", "objects"}
    for name in set(services) - {"preparation"}:
        assert services[name]["restart"] == "unless-stopped", name
        assert "healthcheck" in services[name] or name == "web", name


def test_the_image_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER designer" in lines
    assert {line.split()[1].split(":")[0] for line in lines if line.startswith("FROM")} == {"node", "python"}


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_sample_data_say_what_they_are(path: Path) -> None:
    facts = json.loads(path.read_text("utf-8"))
    assert set(facts) == {"name", "title", "description", "licence", "origin", "file"}
    assert all(isinstance(value, str) and value for value in facts.values())
    assert facts["name"] == path.stem
    data = path.parent / facts["file"]
    assert (pl.read_parquet(data) if data.suffix == ".parquet" else pl.read_csv(data)).height > 0


def test_every_sample_file_has_a_description() -> None:
    described = {json.loads(path.read_text("utf-8"))["file"] for path in DATA}
    assert {path.name for path in (ROOT / "samples" / "data").iterdir() if path.suffix != ".json"} == described


def test_the_automobile_data_are_whole() -> None:
    cars = pl.read_csv(ROOT / "samples" / "data" / "automobile-price-data-raw.csv")
    assert cars.shape == (205, 26)
    assert cars["normalized-losses"].null_count() == 41
    assert cars.drop("normalized-losses").drop_nulls().height == 193


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_the_documents_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
