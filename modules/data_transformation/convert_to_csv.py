"""Convert to CSV: give a table out as a file of comma-separated values."""

from typing import Annotated

from modules.kit import Port, Table, module
from modules.ml.checks import check_has_columns


@module()
def convert_to_csv(
    dataset: Table,
) -> Annotated[Table, Port("results_dataset", help="The same table, to be downloaded as CSV or registered")]:
    """Give a table out, to be downloaded as a file of comma-separated values.

    The contents are unchanged. The menu of the output downloads the file and registers the table as a dataset; the file
    is written while it is fetched, with a header line and in UTF-8, so that nothing is stored twice. Lists and
    structures are written as JSON, bytes as hexadecimal digits.
    """
    check_has_columns(dataset.frame.collect_schema(), port="dataset")
    return dataset
