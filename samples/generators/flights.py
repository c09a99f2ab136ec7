"""Write samples/data/flight-delays-synthetic.parquet and weather-synthetic.parquet.

Invented flights between eight airports and the invented weather there, hour by hour, from April to October 2013, in the
columns of the statistics of on-time performance and of hourly observations. Airport numbers are the real ones, so that
places can be told; no flight and no observation is. Run it with `python samples/generators/flights.py`; equal bytes
come out.
"""

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

SEED = 2013
FLIGHTS = 24_000
FIRST_DAY, LAST_DAY = datetime(2013, 4, 1), datetime(2013, 11, 1)  # noqa: DTZ001  local times
YEAR = 2013
DATA = Path(__file__).parents[1] / "data"
AIRPORTS = {  # number: (hours from UTC in standard time, share of traffic, storms, heat)
    10397: (-5, 0.22, 1.3, 24),
    11057: (-5, 0.10, 1.1, 22),
    11292: (-7, 0.14, 0.9, 17),
    11298: (-6, 0.14, 1.2, 27),
    12478: (-5, 0.09, 1.0, 19),
    12892: (-8, 0.13, 0.2, 20),
    13930: (-6, 0.13, 1.3, 18),
    14747: (-8, 0.05, 0.7, 15),
}
CARRIERS = {"AA": 0.1, "DL": -0.2, "UA": 0.1, "WN": 0.25, "B6": 0.2, "US": -0.1, "AS": -0.35, "EV": 0.3}
SKIES = ["CLR", "FEW060", "SCT045", "BKN030", "OVC015", "OVC008"]


def weather_of(random: np.random.Generator, airport: int) -> pl.DataFrame:
    """One observation for each hour, a few minutes before it ends; fronts pass every few days."""
    zone, _, storms, heat = AIRPORTS[airport]
    moments = pl.datetime_range(FIRST_DAY, LAST_DAY, "1h", closed="left", eager=True).dt.offset_by("53m")
    hours = len(moments)
    front = smooth(random, hours, 40)
    storm = np.clip(front - 1.1 + 0.25 * storms, 0, None)
    season = np.cos((moments.dt.ordinal_day().to_numpy() - 200) / 365 * 2 * np.pi)
    day = np.cos((moments.dt.hour().to_numpy() - 15) / 24 * 2 * np.pi)
    celsius = heat + 7 * season + 5 * day - 2.5 * front + random.normal(0, 1, hours)
    humidity = np.clip(58 + 15 * front - 12 * day + random.normal(0, 6, hours), 8, 100)
    dew = celsius - (100 - humidity) / 5
    rain = np.where(random.random(hours) < np.clip(storm, 0, 0.85), random.exponential(0.06, hours) * (1 + storm), 0)
    visibility = np.clip(10 - 5 * storm * random.random(hours) - 14 * rain, 0.25, 10)
    wind = np.clip(7 + 3 * smooth(random, hours, 12) + 6 * storm, 0, 45)
    direction = (np.round((180 + 90 * smooth(random, hours, 60)) / 10) * 10) % 360
    pressure = 29.95 - 0.12 * front + random.normal(0, 0.02, hours)
    level = {10397: 1.05, 11292: 5.6, 11298: 0.6}.get(airport, 0.1)
    cover = np.clip((1.6 + 1.3 * front + random.normal(0, 0.7, hours)).astype(int), 0, len(SKIES) - 1)
    broken = random.random(hours) < 0.012
    between = np.arange(hours) % 3 != 0
    return pl.DataFrame(
        {
            "AirportID": np.full(hours, airport),
            "Year": np.full(hours, YEAR),
            "Month": moments.dt.month(),
            "Day": moments.dt.day(),
            "Time": moments.dt.hour().cast(pl.Int64) * 100 + moments.dt.minute(),
            "TimeZone": np.full(hours, zone),
            "SkyCondition": np.array(SKIES)[cover],
            "Visibility": emptied(visibility.round(2), broken),
            "WeatherType": np.where(rain > 0.12, "TSRA", np.where(rain > 0, "-RA", "")),
            "DryBulbFarenheit": (celsius * 9 / 5 + 32).round(),
            "DryBulbCelsius": celsius.round(1),
            "WetBulbFarenheit": ((celsius * 0.6 + dew * 0.4) * 9 / 5 + 32).round(),
            "WetBulbCelsius": (celsius * 0.6 + dew * 0.4).round(1),
            "DewPointFarenheit": (dew * 9 / 5 + 32).round(),
            "DewPointCelsius": dew.round(1),
            "RelativeHumidity": humidity.round(),
            "WindSpeed": wind.round(),
            "WindDirection": direction,
            "ValueForWindCharacter": emptied((wind * 1.4).round(), wind <= 18),
            "StationPressure": (pressure - level).round(2),
            "PressureTendency": emptied(random.integers(0, 9, hours), between),
            "PressureChange": emptied(random.normal(0, 0.02, hours).round(2), between),
            "SeaLevelPressure": pressure.round(2),
            "RecordType": np.full(hours, "AA"),
            "HourlyPrecip": rain.round(2),
            "Altimeter": pressure.round(2),
        }
    )


def emptied(values: np.ndarray, missing: np.ndarray) -> pl.Series:
    """Values with gaps."""
    return pl.select(pl.when(pl.Series(~missing)).then(pl.Series(values))).to_series()


def smooth(random: np.random.Generator, length: int, width: int) -> np.ndarray:
    """Noise with a memory of some hours, of mean 0 and deviation 1."""
    padded = random.normal(size=length + 4 * width)
    weights = np.exp(-(np.linspace(-2, 2, 4 * width + 1) ** 2))
    moved = np.convolve(padded, weights, mode="valid")[:length]
    return (moved - moved.mean()) / moved.std()


def flights(random: np.random.Generator, weather: pl.DataFrame) -> pl.DataFrame:
    """Departures by local time; storms where a flight starts or ends, the evening and some carriers delay it."""
    numbers = np.array(list(AIRPORTS))
    shares = np.array([share for _, share, _, _ in AIRPORTS.values()])
    origin = random.choice(numbers, FLIGHTS, p=shares / shares.sum())
    target = random.choice(numbers, FLIGHTS, p=shares / shares.sum())
    target = np.where(target == origin, numbers[(np.searchsorted(numbers, origin) + 3) % len(numbers)], target)
    days = (LAST_DAY - FIRST_DAY).days
    minute = np.clip(random.normal(13.5 * 60, 4.3 * 60, FLIGHTS), 6 * 60, 23 * 60 - 1).astype(int) // 5 * 5
    day = np.sort(random.integers(0, days, FLIGHTS))
    start = (
        pl.DataFrame({"day": day, "minute": minute})
        .select(pl.lit(FIRST_DAY) + pl.duration(days="day", minutes="minute"))
        .to_series()
    )
    zones = {number: zone for number, (zone, *_) in AIRPORTS.items()}
    here, there = bad_weather(weather, origin, start), bad_weather(weather, target, start)
    carrier = random.choice(list(CARRIERS), FLIGHTS)
    odds = (
        -2.35
        + 0.55 * here
        + 0.4 * there
        + 0.11 * (minute / 60 - 13)
        + np.array([CARRIERS[name] for name in carrier])
        + 0.3 * smooth(random, days, 3)[day]
    )
    late = random.random(FLIGHTS) < 1 / (1 + np.exp(-odds))
    delay = np.where(late, 15 + random.exponential(38, FLIGHTS), np.minimum(random.normal(-5, 9, FLIGHTS), 14)).round()
    departure = np.where(late, delay - random.normal(3, 8, FLIGHTS), delay + random.normal(3, 5, FLIGHTS)).round()
    cancelled = random.random(FLIGHTS) < 0.008 + 0.03 * (here > 1.5)
    length = 75 + 55 * np.abs(np.searchsorted(numbers, origin) - np.searchsorted(numbers, target))
    length += 60 * np.array([zones[b] - zones[a] for a, b in zip(origin, target, strict=True)])
    arrival = (minute + length) % (24 * 60)
    return pl.DataFrame(
        {
            "Year": np.full(FLIGHTS, YEAR),
            "Month": start.dt.month(),
            "DayofMonth": start.dt.day(),
            "DayOfWeek": start.dt.weekday(),
            "Carrier": carrier,
            "OriginAirportID": origin,
            "DestAirportID": target,
            "CRSDepTime": minute // 60 * 100 + minute % 60,
            "DepDelay": np.where(cancelled, 0, departure),
            "DepDel15": ((departure >= 15) | cancelled).astype(int),
            "CRSArrTime": arrival // 60 * 100 + arrival % 60,
            "ArrDelay": np.where(cancelled, 0, delay),
            "ArrDel15": (late | cancelled).astype(int),
            "Canceled": cancelled.astype(int),
        }
    )


def bad_weather(weather: pl.DataFrame, airport: np.ndarray, start: pl.Series) -> np.ndarray:
    """How bad the weather is at an airport in the hour before a flight starts."""
    badness = weather.select(
        "AirportID",
        pl.datetime(YEAR, "Month", "Day", pl.col("Time") // 100).alias("hour"),
        ((10 - pl.col("Visibility").fill_null(10)) / 3 + pl.col("HourlyPrecip") * 10 + pl.col("WindSpeed") / 20 - 0.4)
        .clip(0, 4)
        .alias("bad"),
    )
    asked = pl.DataFrame({"AirportID": airport, "hour": start.dt.truncate("1h").dt.offset_by("-1h")})
    return asked.join(badness, on=["AirportID", "hour"], how="left")["bad"].fill_null(0).to_numpy()


if __name__ == "__main__":
    drawn = np.random.default_rng(SEED)
    observed = pl.concat([weather_of(drawn, airport) for airport in AIRPORTS])
    observed.write_parquet(DATA / "weather-synthetic.parquet", compression_level=22)
    flights(drawn, observed).write_parquet(DATA / "flight-delays-synthetic.parquet", compression_level=22)
