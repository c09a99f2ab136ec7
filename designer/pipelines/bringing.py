"""Pipelines that come as files: documents, and archives of models and programs that carry one."""

import json
import zipfile
from pathlib import Path
from typing import Any

from designer.errors import InvalidDocument, Problem

PASSPORT_FILE, DOCUMENT_FILE = "designer.json", "pipeline.yaml"
LARGEST_DOCUMENT_BYTES = 20 << 20
DEEPEST_FOLDERS = 2
ARCHIVE = b"PK\x03\x04"


def document_in(path: Path) -> str | dict[str, Any]:
    """The document of a file, for `designer.graph.reading.read`; raises InvalidDocument where it holds none.

    Of an archive only the one file that describes it is read.
    """
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
            raise _refused(f"The file is larger than {LARGEST_DOCUMENT_BYTES >> 20} MB and is no archive")
        content = path.read_bytes()
        if content.startswith(ARCHIVE):
            raise _refused("The archive is not whole")
        return _text(content)
    try:
        with zipfile.ZipFile(path) as archive:
            return _carried(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _refused(f"The archive cannot be read: {error}") from None


def _carried(archive: zipfile.ZipFile) -> str | dict[str, Any]:
    for name in (PASSPORT_FILE, DOCUMENT_FILE):
        found = [item for item in archive.infolist() if _is(item.filename, name)]
        if not found:
            continue
        if found[0].file_size > LARGEST_DOCUMENT_BYTES:
            raise _refused(f"'{found[0].filename}' of the archive is larger than {LARGEST_DOCUMENT_BYTES >> 20} MB")
        text = _text(archive.read(found[0]))
        return text if name == DOCUMENT_FILE else _pipeline_of(text)
    raise _refused(f"The archive holds neither {PASSPORT_FILE} nor {DOCUMENT_FILE}, so no pipeline can be made of it")


def _is(path: str, name: str) -> bool:
    parts = path.split("/")
    return parts[-1] == name and len(parts) <= DEEPEST_FOLDERS


def _pipeline_of(text: str) -> dict[str, Any]:
    try:
        passport = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(f"{PASSPORT_FILE} of the archive is not JSON: {error}") from None
    pipeline = passport.get("pipeline") if isinstance(passport, dict) else None
    if not isinstance(pipeline, dict):
        raise _refused(f"{PASSPORT_FILE} of the archive holds no pipeline")
    return pipeline


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("The file is neither text nor an archive") from None


def _refused(message: str) -> InvalidDocument:
    hint = "Documents are YAML or JSON; archives are those that Export and the download of a model make."
    return InvalidDocument([Problem(code="no_document", message=message, hint=hint)])
