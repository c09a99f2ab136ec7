"""What learners share: the mode of training and lists of values to sweep."""

from typing import Literal

from modules.kit.errors import NotConvertible

TrainerMode = Literal["single_parameter", "parameter_range"]


def numbers_of(text: str, *, parameter: str) -> list[float]:
    """Read ``0.025; 0.05; 0.1``."""
    values: list[float] = []
    for part in text.split(";"):
        if part.strip():
            try:
                values.append(float(part))
            except ValueError:
                raise NotConvertible(
                    value=part.strip(), to="a number", parameter=parameter, hint="Separate numbers with semicolons."
                ) from None
    if not values:
        raise NotConvertible(value=text, to="a list of numbers", parameter=parameter)
    return values
