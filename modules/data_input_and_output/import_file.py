"""Import File: an uploaded file as it is, for inputs that take files."""

from typing import Annotated

from modules.kit import Context, DataPath, File, Param, Port, module
from modules.kit.errors import EmptyInput


@module()
def import_file(
    *, path: Annotated[DataPath, Param("The uploaded file", title="File")], context: Context
) -> Annotated[File, Port("file", help="The file, as it was uploaded")]:
    """Give an uploaded file to a node that takes one, such as a zip archive of scripts.

    Nothing is read or unpacked here. For rows and columns, use Import Data.
    """
    if not path:
        raise EmptyInput(parameter="path", hint="Upload a file.")
    place = context.data_path(path)
    return File(place, place.name)
