"""What a measurement says."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Measure:
    """A number, what it is compared with, and the goal for their ratio or for the number itself."""

    name: str
    value: float
    unit: str
    plain: str | None = None
    plain_value: float | None = None
    goal: float | None = None
    more_is_better: bool = False

    @property
    def compared(self) -> float:
        """How many times worse than the plain way; the number itself where there is none."""
        if self.plain_value is None:
            return self.value
        return self.plain_value / self.value if self.more_is_better else self.value / self.plain_value

    @property
    def is_met(self) -> bool | None:
        return None if self.goal is None else self.compared <= self.goal

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "compared": self.compared, "is_met": self.is_met}


HEADER = ("measure", "designer", "plain", "ratio", "goal", "")


def table(measures: Sequence[Measure]) -> str:
    """The measures as lines of text."""
    rows = [HEADER, *(_row(measure) for measure in measures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(measure: Measure) -> tuple[str, ...]:
    number = f"{measure.value:,.2f} {measure.unit}"
    verdict = {None: "", True: "met", False: "NOT MET"}[measure.is_met]
    if measure.plain_value is None:
        return measure.name, number, "", "", f"≤ {measure.goal:g} {measure.unit}" if measure.goal else "", verdict
    plain = f"{measure.plain_value:,.2f} {measure.unit} ({measure.plain})"
    goal = f"≤ {measure.goal:g}" if measure.goal else ""
    return measure.name, number, plain, f"{measure.compared:.2f}", goal, verdict
