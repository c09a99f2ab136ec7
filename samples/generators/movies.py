"""Write samples/data/movie-ratings-synthetic.parquet and movie-titles-synthetic.csv.

Invented ratings of invented movies, in the columns of movie ratings that were collected from short messages: who rates,
what, from 0 to 10, and when. Run it with `python samples/generators/movies.py`; equal bytes come out.
"""

from pathlib import Path

import numpy as np
import polars as pl

USERS, MOVIES, RATINGS = 1_500, 700, 36_000
FACTORS = 4
SEED = 2013
FIRST_SECOND, LAST_SECOND = 1_362_000_000, 1_388_000_000
DATA = Path(__file__).parents[1] / "data"
FIRST = "Silent Last Broken Hidden Golden Distant Endless Burning Frozen Lost Quiet Crimson Northern Paper Hollow"
SECOND = "Harbour River Letter Garden Winter Station Promise Shadow Orchard Signal Mountain Stranger Island Mirror"
THIRD = ["", "", "", " of Glass", " at Dawn", " in Autumn", " Returns", " Street", " for Two"]
GENRES = ["Drama", "Comedy", "Action", "Thriller", "Romance", "Horror", "Sci-Fi", "Documentary", "Animation", "Crime"]


def movies(random: np.random.Generator) -> pl.DataFrame:
    """Titles with their year, none of them twice."""
    names = [
        f"The {first} {second}{third}"
        for first in FIRST.split()
        for second in SECOND.split()
        for third in dict.fromkeys(THIRD)
    ]
    chosen = random.choice(names, MOVIES, replace=False)
    years = random.integers(1960, 2014, MOVIES)
    genres = ["|".join(sorted(random.choice(GENRES, random.integers(1, 4), replace=False))) for _ in range(MOVIES)]
    ids = np.sort(random.choice(np.arange(10_000, 3_000_000), MOVIES, replace=False))
    titles = [f"{name} ({year})" for name, year in zip(chosen, years, strict=True)]
    return pl.DataFrame({"Movie ID": ids, "Movie Name": titles, "Genre": genres})


def ratings(random: np.random.Generator, ids: np.ndarray) -> pl.DataFrame:
    """Ratings by taste: users and movies have hidden traits, and a few movies get most of the ratings.

    Now and then a user rates a movie again.
    """
    active = random.pareto(1.3, USERS) + 1
    known = random.pareto(1.1, MOVIES) + 1
    user = random.choice(USERS, RATINGS, p=active / active.sum())
    movie = random.choice(MOVIES, RATINGS, p=known / known.sum())
    tastes, traits = random.normal(size=(USERS, FACTORS)), random.normal(size=(MOVIES, FACTORS))
    liked = (tastes[user] * traits[movie]).sum(axis=1) * 0.55
    mood, quality = random.normal(0, 0.8, USERS)[user], random.normal(0, 0.9, MOVIES)[movie]
    rating = np.clip((7.2 + liked + mood + quality + random.normal(0, 0.9, RATINGS)).round(), 0, 10)
    return pl.DataFrame(
        {
            "UserId": user + 1,
            "MovieId": ids[movie],
            "Rating": rating.astype(int),
            "Timestamp": np.sort(random.integers(FIRST_SECOND, LAST_SECOND, RATINGS)),
        }
    )


if __name__ == "__main__":
    drawn = np.random.default_rng(SEED)
    titles = movies(drawn)
    titles.write_csv(DATA / "movie-titles-synthetic.csv")
    ratings(drawn, titles["Movie ID"].to_numpy()).write_parquet(
        DATA / "movie-ratings-synthetic.parquet", compression_level=22
    )
