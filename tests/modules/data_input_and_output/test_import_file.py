"""Import File: bytes in, bytes out."""

from pathlib import Path

import pytest

from designer.store.artifacts import Store
from modules.data_input_and_output.import_file import import_file
from modules.kit import Context, EmptyInput, File


def test_the_file_keeps_its_name_and_bytes_in_the_store(tmp_path: Path) -> None:
    path = tmp_path / "scripts.zip"
    path.write_bytes(b"anything")
    file = import_file(path=str(path), context=Context())
    store = Store.in_folder(tmp_path / "store")
    artifact = store.save(file, "File")
    assert artifact.meta == {"kind": "File", "name": "scripts.zip", "size_bytes": 8}
    again = store.load(artifact.digest)
    assert isinstance(again, File)
    assert (again.name, again.path.read_bytes()) == ("scripts.zip", b"anything")
    assert path.exists()


def test_a_file_is_asked_for() -> None:
    with pytest.raises(EmptyInput) as caught:
        import_file(path="", context=Context())
    assert (caught.value.code, caught.value.parameter) == ("0003", "path")
