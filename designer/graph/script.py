"""A pipeline as plain Python: a script or a notebook that needs public packages only."""

import json
from collections.abc import Iterable, Iterator
from textwrap import indent
from typing import Any, Literal

from designer.graph.export.calls import StepCode
from designer.graph.export.literals import comment_of, docstring_of, literal_of
from designer.graph.export.program import Program, Section
from designer.graph.export.style import excused, formatted
from designer.graph.export.symbols import PATH

Target = Literal["python", "notebook"]
ENDINGS: dict[Target, str] = {"python": "py", "notebook": "ipynb"}
CellKind = Literal["markdown", "code"]
SCRIPT_FOLDER, NOTEBOOK_FOLDER = "Path(__file__).parent", "Path.cwd()"
HOW_TO_RUN = """To run it, with the packages named above:
    uv run {name}
or, where they are installed:
    python {name}"""


def script_of(program: Program, file_name: str) -> str:
    """The program as a script that runs all steps and prints what they tell."""
    code = formatted("\n".join(_script(program, file_name)), file_name)
    return excused(code, file_name, frozenset(_rows_of_scripts(program, code)))


def _rows_of_scripts(program: Program, code: str) -> Iterator[int]:
    """The numbers of the lines that come from scripts of people."""
    titles = {_heading(section): section.is_script for section in program.sections}
    inside = False
    for row, line in enumerate(code.splitlines(), 1):
        inside = titles.get(line, inside and not line.startswith("if __name__ =="))
        if inside:
            yield row


def _heading(section: Section) -> str:
    return f"# {section.title}."


def _script(program: Program, file_name: str) -> Iterator[str]:
    yield "# /// script"
    yield '# requires-python = ">=3.11"'
    yield "# dependencies = ["
    yield from (f'#     "{requirement}",' for requirement in program.requirements)
    yield "# ]"
    yield "# ///"
    name, description = program.document.name or "A pipeline", program.document.description
    parts = [*(docstring_of(part) for part in (name, description) if part.strip()), HOW_TO_RUN.format(name=file_name)]
    yield '"""' + "\n\n".join(parts) + '\n"""'
    yield f"from argparse import ArgumentParser\n{program.imports}"
    yield "\n# What the steps are set to.\n"
    yield from map(str, program.parameters)
    for step in program.steps:
        yield from map(str, step.constants)
    yield "\n\n" + _main(program)
    for section in program.sections:
        yield f"\n\n{_heading(section)}" + ("\n" if section.text.startswith("#") else "")
        yield section.text
    yield "\n\n" + _entry(program)


def notebook_of(program: Program, file_name: str) -> str:
    """The program as a notebook of Jupyter: one cell for each step, after the library's functions."""
    cells = [_cell(number, kind, text) for number, (kind, text) in enumerate(_cells(program))]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "version": "3.11"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return formatted(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", file_name)


def _cells(program: Program) -> Iterator[tuple[CellKind, str]]:
    document = program.document
    yield "markdown", f"# {document.name or 'A pipeline'}\n\n{document.description}".strip()
    yield "markdown", "It needs these packages:\n\n```\n" + "\n".join(program.requirements) + "\n```"
    yield "code", program.imports
    for section in program.sections:
        yield "markdown", f"## {section.title}" if section.is_module else f"### {section.title}"
        yield "code", section.text.replace(SCRIPT_FOLDER, NOTEBOOK_FOLDER)
    yield "markdown", "## The pipeline"
    if program.parameters or program.contexts:
        yield "code", "\n".join([*map(str, program.parameters), _contexts(program)])
    for step in program.steps:
        yield "markdown", "\n\n".join(part for part in (f"### {step.node}", step.comment) if part)
        constants = "\n".join(map(str, step.constants))
        yield "code", "\n\n".join(part for part in (constants, step.code) if part)
        yield "code", f"{program.own('print_results')}({{}}, {_values(program, [step.node])})"
    if program.contexts:
        yield "markdown", "## Figures"
        yield "code", f"{program.own('print_results')}(contexts, {{}})"


def _cell(number: int, kind: CellKind, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _main(program: Program) -> str:
    path = program.names.by_meaning[PATH]
    body = [_contexts(program), *map(_step, program.steps), _printing(program)]
    if program.tables:
        body.append(
            f"if output is not None:\n    {program.own('write_tables')}({_values(program, program.tables)}, output)"
        )
    lines = indent("\n".join(body), "    ")
    return f'''def main(output: {path} | None = None) -> None:
    """Run the steps in order, print their figures, and write their tables to a folder where one is given."""
{lines}
'''


def _entry(program: Program) -> str:
    path = program.names.by_meaning[PATH]
    return f"""if __name__ == "__main__":
    parser = ArgumentParser(description={literal_of(program.document.name)})
    parser.add_argument("--output", type={path}, metavar="FOLDER", help="write the tables of all steps here, as CSV")
    main(parser.parse_args().output)
"""


def _step(step: StepCode) -> str:
    return comment_of(step.comment) + step.code


def _contexts(program: Program) -> str:
    nodes = ", ".join(f"{literal_of(node)}: {program.own('Context')}()" for node in program.contexts)
    return f"contexts = {{{nodes}}}" if program.contexts else ""


def _printing(program: Program) -> str:
    contexts = "contexts" if program.contexts else "{}"
    return f"{program.own('print_results')}({contexts}, {_values(program, program.ends)})"


def _values(program: Program, nodes: Iterable[str]) -> str:
    variables = {step.node: step.variable for step in program.steps}
    return "{" + ", ".join(f"{literal_of(node)}: {variables[node]}" for node in nodes) + "}"
