"""Web Service Output: where the rows of an answer leave."""

from typing import Annotated

from modules.kit import Param, Port, Table, TableSchema, module
from modules.kit.errors import EmptyInput


@module()
def web_service_output(
    dataset: Annotated[Table, Port(help="The rows of the answer")],
    *,
    name: Annotated[
        str, Param("What answers call this output; no other output of the pipeline has it", unique=True)
    ] = "WebServiceOutput0",
) -> Annotated[Table, Port("web_service_output_data", help="The rows of the answer, to look at after a run")]:
    """Mark where the rows of an answer leave the pipeline.

    In a run the node passes its table on; in an endpoint the table is the answer.
    """
    if not name.strip():
        raise EmptyInput(parameter="name", hint="Name it as answers will, for example WebServiceOutput0.")
    return dataset


@web_service_output.schema
def web_service_output_schema(dataset: TableSchema | None) -> TableSchema | None:
    return dataset
