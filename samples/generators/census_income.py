"""Write samples/data/census-income-synthetic.csv: invented people in the columns of the UCI Adult data set.

Nothing is copied: every value is drawn from the distributions below, which give about the known shares of groups,
missing values and high incomes. Run it with `python samples/generators/census_income.py`; equal bytes come out.
"""

from pathlib import Path

import numpy as np
import polars as pl

ROWS = 5_000
SEED = 1994  # the census that the Adult data set was drawn from
TARGET = Path(__file__).parents[1] / "data" / "census-income-synthetic.csv"

EDUCATION = {  # name: (education-num, share)
    "Preschool": (1, 0.002),
    "1st-4th": (2, 0.005),
    "5th-6th": (3, 0.010),
    "7th-8th": (4, 0.020),
    "9th": (5, 0.016),
    "10th": (6, 0.029),
    "11th": (7, 0.036),
    "12th": (8, 0.013),
    "HS-grad": (9, 0.323),
    "Some-college": (10, 0.224),
    "Assoc-voc": (11, 0.042),
    "Assoc-acdm": (12, 0.033),
    "Bachelors": (13, 0.164),
    "Masters": (14, 0.053),
    "Prof-school": (15, 0.018),
    "Doctorate": (16, 0.012),
}
OCCUPATIONS = {  # name: (weight up to 12 years of school, weight above, step towards a high income)
    "Exec-managerial": (0.08, 0.24, 0.9),
    "Prof-specialty": (0.03, 0.36, 0.7),
    "Tech-support": (0.02, 0.05, 0.5),
    "Sales": (0.11, 0.12, 0.3),
    "Protective-serv": (0.02, 0.02, 0.4),
    "Craft-repair": (0.17, 0.04, 0.1),
    "Adm-clerical": (0.14, 0.08, 0.0),
    "Transport-moving": (0.07, 0.01, -0.1),
    "Machine-op-inspct": (0.09, 0.01, -0.3),
    "Handlers-cleaners": (0.06, 0.01, -0.7),
    "Farming-fishing": (0.04, 0.01, -0.9),
    "Other-service": (0.14, 0.04, -0.9),
    "Priv-house-serv": (0.01, 0.001, -1.5),
    "Armed-Forces": (0.001, 0.001, 0.0),
}
WORKCLASS = {
    "Private": 0.74,
    "Self-emp-not-inc": 0.08,
    "Local-gov": 0.066,
    "State-gov": 0.041,
    "Self-emp-inc": 0.036,
    "Federal-gov": 0.03,
    "Without-pay": 0.001,
}
RACE = {"White": 0.854, "Black": 0.096, "Asian-Pac-Islander": 0.031, "Amer-Indian-Eskimo": 0.010, "Other": 0.009}
COUNTRY = {
    "United-States": 0.913,
    "Mexico": 0.02,
    "Philippines": 0.006,
    "Germany": 0.005,
    "Canada": 0.004,
    "India": 0.003,
    "Cuba": 0.003,
    "China": 0.003,
    "South": 0.002,
    "Italy": 0.002,
}


def people(rows: int, seed: int) -> pl.DataFrame:
    """Draw a table of invented people."""
    random = np.random.default_rng(seed)
    age = np.clip(17 + random.gamma(2.6, 8.4, rows), 17, 90).astype(int)
    education = choose(random, {name: share for name, (_, share) in EDUCATION.items()}, rows)
    school = np.array([EDUCATION[name][0] for name in education])
    sex = choose(random, {"Male": 0.67, "Female": 0.33}, rows)
    marital = marital_status(random, age, sex)
    occupation = np.where(
        school > 12,
        choose(random, {name: above for name, (_, above, _) in OCCUPATIONS.items()}, rows),
        choose(random, {name: below for name, (below, _, _) in OCCUPATIONS.items()}, rows),
    )
    hours = np.clip(random.normal(np.where(sex == "Male", 43, 37) - 8.0 * (age < 22), 11), 1, 99).round().astype(int)
    usual = random.random(rows) < 0.45
    hours = np.where(usual & (age >= 22), 40, hours)
    odds = (
        -2.7
        + 1.95 * np.isin(marital, ["Married-civ-spouse", "Married-AF-spouse"])
        + 0.34 * (school - 10)
        + 0.045 * (np.minimum(age, 55) - 38)
        + 0.03 * (hours - 40)
        + 1.3 * np.array([OCCUPATIONS[name][2] for name in occupation])
    )
    gain, loss = capital(random, odds)
    odds = odds + 3.5 * (gain > 5_000) + 1.2 * (loss > 1_800)
    high = random.random(rows) < 1 / (1 + np.exp(-odds * 1.25))
    without_work = random.random(rows) < 0.055
    return pl.DataFrame(
        {
            "age": age,
            "workclass": missing(choose(random, WORKCLASS, rows), without_work),
            "fnlwgt": np.clip(random.lognormal(12.0, 0.5, rows), 12_000, 1_400_000).astype(int),
            "education": education,
            "education-num": school,
            "marital-status": marital,
            "occupation": missing(occupation, without_work),
            "relationship": relationship(random, marital, sex, age),
            "race": choose(random, RACE, rows),
            "sex": sex,
            "capital-gain": gain,
            "capital-loss": loss,
            "hours-per-week": hours,
            "native-country": missing(choose(random, COUNTRY, rows), random.random(rows) < 0.018),
            "income": np.where(high, ">50K", "<=50K"),
        }
    )


def choose(random: np.random.Generator, weights: dict[str, float], rows: int) -> np.ndarray:
    """Draw names by weight."""
    shares = np.array(list(weights.values()))
    return random.choice(np.array(list(weights), dtype=object), rows, p=shares / shares.sum())


def marital_status(random: np.random.Generator, age: np.ndarray, sex: np.ndarray) -> np.ndarray:
    """Marriage becomes likelier with age; in the census more of the men are married."""
    married = random.random(len(age)) < np.clip((age - 19) / 16, 0, 1) * np.where(sex == "Male", 0.85, 0.33)
    alone = np.where(
        random.random(len(age)) < np.clip((46 - age) / 24, 0.12, 0.97),
        "Never-married",
        np.where(
            (age > 60) & (random.random(len(age)) < 0.6),
            "Widowed",
            choose(random, {"Divorced": 0.8, "Separated": 0.15, "Married-spouse-absent": 0.05}, len(age)),
        ),
    )
    return np.where(married, "Married-civ-spouse", alone)


def relationship(random: np.random.Generator, marital: np.ndarray, sex: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Follow marriage and age."""
    at_home = (age < 26) & (marital == "Never-married") & (random.random(len(age)) < 0.7)
    others = choose(random, {"Not-in-family": 0.62, "Unmarried": 0.3, "Other-relative": 0.08}, len(age))
    spouse = np.where(sex == "Male", "Husband", "Wife")
    return np.where(marital == "Married-civ-spouse", spouse, np.where(at_home, "Own-child", others))


def capital(random: np.random.Generator, odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Few people have gains or losses, more of them where income is high."""
    chance = 0.05 + 0.12 / (1 + np.exp(-odds))
    gain = np.where(random.random(len(odds)) < chance, np.clip(random.lognormal(8.5, 1.0, len(odds)), 114, 99_999), 0)
    loss = np.where(
        (gain == 0) & (random.random(len(odds)) < chance * 0.7), random.normal(1_870, 360, len(odds)).clip(155), 0
    )
    return gain.astype(int), loss.astype(int)


def missing(values: np.ndarray, where: np.ndarray) -> list[str | None]:
    """Take values away."""
    return [None if gone else str(value) for value, gone in zip(values, where, strict=True)]


if __name__ == "__main__":
    people(ROWS, SEED).write_csv(TARGET)
