"""Write samples/data/diabetes-synthetic.csv: invented patients with eight measures and whether they are diabetic.

No row describes a person. Run it with `python samples/generators/diabetes.py`; equal bytes come out.
"""

from pathlib import Path

import numpy as np
import polars as pl

ROWS = 5_000
SEED = 768
TARGET = Path(__file__).parents[1] / "data" / "diabetes-synthetic.csv"


def patients(rows: int, seed: int) -> pl.DataFrame:
    """Draw a table of invented patients; about a third of them are diabetic."""
    random = np.random.default_rng(seed)
    age = np.clip(21 + random.gamma(1.2, 9, rows), 21, 77).astype(int)
    pregnancies = np.minimum(random.poisson(0.4 + (age - 21) / 9), 14)
    body_mass = np.clip(random.normal(31, 7.5, rows), 18.2, 56)
    glucose = np.clip(random.normal(108 + 0.35 * (age - 30), 31), 44, 192).astype(int)
    pressure = np.clip(random.normal(66 + 0.4 * (body_mass - 30) + 0.15 * (age - 30), 15), 24, 117).astype(int)
    triceps = np.clip(random.normal(24 + 0.9 * (body_mass - 30), 9), 7, 92).astype(int)
    insulin = np.clip(random.lognormal(4.5 + 0.006 * (glucose - 108), 0.6), 14, 799).astype(int)
    pedigree = np.clip(random.lognormal(-1.1, 0.6, rows), 0.078, 2.3)
    odds = (
        -1.05
        + 0.026 * (glucose - 108)
        + 0.21 * (pregnancies - 2)
        + 0.085 * (body_mass - 31)
        + 0.9 * (pedigree - 0.4)
        + 0.025 * (age - 32)
    )
    diabetic = random.random(rows) < 1 / (1 + np.exp(-1.3 * odds))
    return pl.DataFrame(
        {
            "PatientID": 1_000_000 + random.permutation(9_000_000)[:rows],
            "Pregnancies": pregnancies,
            "PlasmaGlucose": glucose,
            "DiastolicBloodPressure": pressure,
            "TricepsThickness": triceps,
            "SerumInsulin": insulin,
            "BMI": body_mass.round(2),
            "DiabetesPedigree": pedigree.round(3),
            "Age": age,
            "Diabetic": diabetic.astype(int),
        }
    )


if __name__ == "__main__":
    patients(ROWS, SEED).write_csv(TARGET)
