"""Write samples/data/company-articles-synthetic.parquet: invented companies with an article on each and their sector.

The shape is that of encyclopedia articles on the companies of a stock index: a title, one of ten sectors and a text in
small letters without punctuation. Every sentence is put together from the words below; no company exists. Run it with
`python samples/generators/companies.py`; equal bytes come out.
"""

from pathlib import Path

import numpy as np
import polars as pl

ROWS = 460
SEED = 500
WORDS_OF_SECTOR = 0.22
"""The share of words that tell the sector; as many again come from a sector drawn at random."""
TARGET = Path(__file__).parents[1] / "data" / "company-articles-synthetic.parquet"

SECTORS = {  # name: (share, words)
    "Consumer Discretionary": (
        0.16,
        (
            "retail store stores apparel fashion hotel resort restaurant restaurants automotive vehicle toy furniture "
            "television network cable film studio leisure cruise jewelry clothing brand brands chain franchise home"
        ),
    ),
    "Consumer Staples": (
        0.08,
        (
            "food beverage grocery supermarket tobacco cigarette snack cereal brewery beer detergent household soap "
            "dairy meat poultry coffee confectionery packaged pharmacy cosmetics"
        ),
    ),
    "Energy": (
        0.09,
        (
            "oil gas petroleum drilling pipeline refinery exploration offshore coal crude well wells barrels shale "
            "reserves rig seismic basin natural hydrocarbon"
        ),
    ),
    "Financials": (
        0.16,
        (
            "bank banking insurance mortgage credit loan deposits asset assets investment fund funds broker trust "
            "reinsurance wealth lending equity securities underwriting branch branches"
        ),
    ),
    "Health Care": (
        0.11,
        (
            "drug drugs pharmaceutical hospital patients medical device devices clinical vaccine therapy biotechnology "
            "surgical diagnostic disease cancer treatment laboratory physicians trial"
        ),
    ),
    "Industrials": (
        0.13,
        (
            "aircraft aerospace defense railroad freight engine engines machinery truck airline construction "
            "engineering logistics tools electrical waste staffing turbine hydraulic conglomerate"
        ),
    ),
    "Information Technology": (
        0.14,
        (
            "software computer semiconductor chip chips internet data cloud network server storage online mobile "
            "processor users web platform electronics search payment code"
        ),
    ),
    "Materials": (
        0.06,
        (
            "steel chemical chemicals paper packaging mining gold copper aluminum fertilizer plastics coatings resin "
            "pulp timber minerals metal alloy cement glass"
        ),
    ),
    "Telecommunication Services": (
        0.02,
        (
            "telephone wireless telecommunications broadband subscribers spectrum fiber landline carrier calling "
            "towers satellite network roaming"
        ),
    ),
    "Utilities": (
        0.05,
        (
            "electric electricity utility power grid customers nuclear plant plants megawatts transmission water meter "
            "renewable wind hydroelectric rates substation"
        ),
    ),
}
COMMON = (
    "the company was founded in and is based it has its of with by for on as a an which were from that at to after "
    "million billion dollars year years employees world largest united states american new york headquarters chief "
    "executive officer president board merger acquired acquisition announced revenue sales products product services "
    "service business operations market markets group corporation incorporated subsidiary subsidiaries shares stock "
    "exchange public private management history first later became sold bought joint venture division international "
    "global growth industry customers plan members community award list fortune percent quarter"
)
FIRST = "Arden Brill Cald Dun Ester Fair Gal Hart Ivor Kes Lor Mar Nor Orm Pell Quin Ros Sel Tarn Ul Vex Wal Yor Zen"
SECOND = "bridge corp dale field gate holm land mark mont more port ridge son stone ton via ware way well wick"
FORM = ["", "", " Group", " Holdings", " Inc", " International", " Corporation", " Partners", " Industries"]


def articles(rows: int, seed: int) -> pl.DataFrame:
    """Draw companies, each with the words of its sector among those that all share."""
    random = np.random.default_rng(seed)
    names = [f"{first}{second}" for first in FIRST.split() for second in SECOND.split()]
    chosen = random.choice(names, rows, replace=False)
    titles = [f"{name}{random.choice(FORM)}" for name in chosen]
    shares = np.array([share for share, _ in SECTORS.values()])
    sectors = random.choice(list(SECTORS), rows, p=shares / shares.sum())
    words = {name: text.split() for name, (_, text) in SECTORS.items()}
    texts = [article(random, words, sector, title) for sector, title in zip(sectors, titles, strict=True)]
    return pl.DataFrame({"Title": titles, "Category": sectors, "Text": texts})


def article(random: np.random.Generator, words: dict[str, list[str]], sector: str, title: str) -> str:
    """A text of 60 to 260 words; part of it is about another sector, as in real articles."""
    other = random.choice(list(words))
    length = int(random.integers(60, 260))
    kinds = random.choice(3, length, p=[1 - 2 * WORDS_OF_SECTOR * 0.6, WORDS_OF_SECTOR * 0.7, WORDS_OF_SECTOR * 0.5])
    sources = [COMMON.split(), words[sector], words[other]]
    return " ".join([title.lower(), *(str(random.choice(sources[kind])) for kind in kinds)])


if __name__ == "__main__":
    articles(ROWS, SEED).write_parquet(TARGET, compression_level=22)
