"""Write an output of a run to where a person wants it."""

import shutil
from pathlib import Path

from designer.assets.store import store
from modules.ml.writing import EXPORT_FORMATS, write_file


def delivery_problem(path: Path, type_name: str) -> str | None:
    """Why an output of this type cannot be written there, or None."""
    if not path.parent.is_dir():
        return f"folder '{path.parent}' does not exist"
    ending = path.suffix.lower().lstrip(".")
    if type_name == "Table" and ending not in EXPORT_FORMATS:
        return f"'{path.name}' has no ending of a table; expected one of {', '.join(EXPORT_FORMATS)}"
    return None


def deliver(digest: str, path: Path) -> None:
    """Write a table in the format of the path's ending, another output as its file, or as a folder of its files."""
    artifact = store().artifact(digest)
    if artifact.type == "Table":
        write_file(store().load_table(digest).frame, path)
        return
    files = {name: store().blobs.path(blob) for name, blob in artifact.files.items()}
    if len(files) > 1:
        path.mkdir(exist_ok=True)
    for name, blob in files.items():
        shutil.copyfile(blob, path / name if len(files) > 1 else path)
