"""A profile as a page of HTML that stands alone: no script, no style sheet, nothing fetched."""

from collections.abc import Sequence
from html import escape

from modules.ml.profiling import ColumnProfile, Relation

MOST_COLUMNS = 200
MOST_RELATIONS = 100
BAR_HEIGHT, BAR_GAP, CHART_WIDTH, LABEL_WIDTH = 14, 3, 480, 170
LABEL_CHARACTERS = 24

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1d2733 }
h2 { margin: 2.5rem 0 .5rem; border-top: 1px solid #d5dbe3; padding-top: 1rem }
table { border-collapse: collapse } td, th { padding: .15rem 1rem .15rem 0; text-align: left; vertical-align: top }
th { font-weight: 500; color: #556270 } .alert { color: #8a4b00 } .figures { display: flex; flex-wrap: wrap; gap: 2rem }
.figures table { max-width: 26rem } .figures th { white-space: nowrap }
svg text { font: 11px system-ui, sans-serif; fill: #556270 } svg rect { fill: #3b73c5 }
"""


def page_of(
    title: str, summary: Sequence[tuple[str, str]], columns: Sequence[ColumnProfile], relations: Sequence[Relation]
) -> str:
    """Write the page."""
    alerts = [(column.name, alert) for column in columns for alert in column.alerts]
    body = [f"<h1>{escape(title)}</h1>", _table(summary)]
    if alerts:
        items = "".join(f'<li class="alert"><b>{escape(name)}</b> {escape(alert)}</li>' for name, alert in alerts)
        body.append(f"<h2>Worth a look</h2><ul>{items}</ul>")
    body += [_section(column) for column in columns[:MOST_COLUMNS]]
    if len(columns) > MOST_COLUMNS:
        body.append(f"<p>{len(columns) - MOST_COLUMNS} more columns are in the table of columns only.</p>")
    if relations:
        rows = [
            (f"{relation.first} – {relation.second}", f"{relation.strength:.2f}, {relation.measure}")
            for relation in relations[:MOST_RELATIONS]
        ]
        body.append(f"<h2>Columns that go together</h2>{_table(rows)}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<table>{cells}</table>"


def _section(column: ColumnProfile) -> str:
    share = f" ({column.missing / column.rows:.1%})" if column.rows else ""
    facts = [
        ("Type", column.kind),
        ("Missing", f"{column.missing:,}{share}"),
        ("Different values", f"{column.distinct:,}"),
    ]
    if column.least is not None and column.greatest is not None:
        facts += [("Least", column.least), ("Greatest", column.greatest)]
    figures = {"Mean": column.mean, "Standard deviation": column.deviation, "Skewness": column.skewness}
    facts += [(name, f"{value:.6g}") for name, value in figures.items() if value is not None]
    if column.quartiles is not None:
        facts.append(("Quartiles", ", ".join(f"{value:.6g}" for value in column.quartiles)))
    counts = {"Zeros": column.zeros, "Negative": column.negative, "Far from the others": column.outliers}
    facts += [(name, f"{value:,}") for name, value in counts.items() if value]
    if column.frequent and column.bars != column.frequent:
        facts.append(("Most frequent", ", ".join(f"{value} ({count:,})" for value, count in column.frequent)))
    if column.lengths is not None:
        facts.append(("Characters", f"{column.lengths[0]} to {column.lengths[1]}"))
    alerts = "".join(f'<p class="alert">{escape(alert)}</p>' for alert in column.alerts)
    return (
        f"<h2>{escape(column.name) or '(no name)'}</h2>{alerts}"
        f'<div class="figures">{_table(facts)}{_bars(column.bars)}</div>'
    )


def _bars(bars: Sequence[tuple[str, int]]) -> str:
    """A bar for each value or interval, drawn to the right of its name."""
    if not bars:
        return ""
    most = max(count for _, count in bars) or 1
    step = BAR_HEIGHT + BAR_GAP
    drawn = []
    for place, (label, count) in enumerate(bars):
        short = label if len(label) <= LABEL_CHARACTERS else f"{label[: LABEL_CHARACTERS - 1]}…"
        width = (CHART_WIDTH - LABEL_WIDTH - 60) * count / most
        top = place * step
        drawn.append(
            f'<text x="{LABEL_WIDTH - 8}" y="{top + 11}" text-anchor="end">{escape(short)}</text>'
            f'<rect x="{LABEL_WIDTH}" y="{top}" width="{width:.1f}" height="{BAR_HEIGHT}"></rect>'
            f'<text x="{LABEL_WIDTH + width + 6:.1f}" y="{top + 11}">{count:,}</text>'
        )
    height = len(bars) * step
    return f'<svg role="img" aria-label="Distribution" width="{CHART_WIDTH}" height="{height}">{"".join(drawn)}</svg>'
