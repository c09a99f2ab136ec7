"""Web Service Input: where the rows of a request enter."""

from typing import Annotated

from modules.kit import Param, Port, Table, TableSchema, module
from modules.kit.errors import EmptyInput


@module()
def web_service_input(
    dataset: Annotated[Table, Port(help="Says which columns a request has, and gives the rows of runs")],
    *,
    name: Annotated[
        str, Param("What requests call this input; no other input of the pipeline has it", unique=True)
    ] = "WebServiceInput0",
) -> Annotated[Table, Port("web_service_input_data", help="The rows of the request; in a run, those of the table")]:
    """Mark where the rows of a request enter the pipeline.

    In a run the node passes its table on. In an endpoint the rows of the request take the place of the table, with its
    columns and types.

    In the original the node has no input and shares the port of another node with the dataset; here the dataset goes
    through the node, so that every input has one wire.
    """
    if not name.strip():
        raise EmptyInput(parameter="name", hint="Name it as requests will, for example WebServiceInput0.")
    return dataset


@web_service_input.schema
def web_service_input_schema(dataset: TableSchema | None) -> TableSchema | None:
    return dataset
