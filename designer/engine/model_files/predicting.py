"""The program beside a model: how to read it and predict with it, from the library's own source."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from textwrap import dedent

from designer.engine.model_files.passport import WithPipeline
from designer.graph.export.gathering import Gathering
from designer.graph.export.literals import literal_of
from designer.graph.export.naming import Names
from designer.graph.export.packages import requirements_of
from designer.graph.export.program import gathered_sections
from designer.graph.export.rendering import imports_of
from designer.graph.export.sources import Imported, Library, Symbol
from designer.graph.export.style import formatted
from designer.graph.export.symbols import LEFT_OUT, STAND_INS, THIN, plain_symbol
from modules.kit import Module

HERE = "designer.engine.model_files.plain_model"
SCORERS = {
    "PredictiveModel": "modules.model_scoring_and_evaluation.score_model:score_model",
    "AnomalyModel": "modules.model_scoring_and_evaluation.score_model:score_model",
    "ClusterModel": "modules.model_scoring_and_evaluation.assign_data_to_clusters:assign_data_to_clusters",
}
PORTS = "modules.kit.ports"
PATH, FRAME, PARSER = Imported("pathlib", "Path"), Imported("polars"), Imported("argparse", "ArgumentParser")


@dataclass(frozen=True, slots=True)
class Predicting:
    """The program, and the packages that it needs."""

    code: str
    requirements: tuple[str, ...]


def predicting_program(model: WithPipeline, untrusted: Sequence[str], *, for_mlflow: bool) -> Predicting:
    """Write the program of a model; `untrusted` are the types in it beside those that skops trusts by itself."""
    scorer = _scorer_of(model)
    file, _, name = scorer.partition(":")
    own = [Symbol(*item.rsplit(".", 1)) for item in untrusted if item.startswith("modules.")]
    kind, table = Symbol(PORTS, type(model).__name__), Symbol(PORTS, "Table")
    called = Symbol(file, name)
    parts = [Symbol(HERE, "load_model"), Symbol(HERE, "LoadedModel" if for_mlflow else "read_rows")]
    parts += [plain_symbol("Context")] if _takes_context(scorer) else []
    first = [called, kind, table, *own, *parts]
    gathering = Gathering(
        Library(frozenset({"modules", "designer"})),
        stand_ins=STAND_INS,
        thin=THIN,
        left_out=LEFT_OUT,
    )
    gathering.add(first, asked_for=["frame"])
    imports = [PATH, FRAME] if for_mlflow else [PATH, FRAME, PARSER]
    names = Names(gathering.references, [*first, *imports], {"load", "predict", "TRUSTED_TYPES", "OWN_TYPES"})
    sections = gathered_sections(gathering, names)
    body = _body(names, called, kind, untrusted, own, for_mlflow=for_mlflow, with_context=_takes_context(scorer))
    library = "\n\n\n".join(f"# {section.title}.\n\n{section.text}" for section in sections)
    code = "\n\n".join([imports_of(names, gathering.dotted), library, body])
    requirements = tuple(requirements_of(code))
    listed = "".join(f'#     "{requirement}",\n' for requirement in requirements)
    header = f'# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n{listed}# ]\n# ///\n{DOCSTRING}\n'
    return Predicting(formatted(header + code, "predict.py"), requirements)


DOCSTRING = '''"""Predict with the model beside this file.

    uv run predict.py rows.csv --output scored.csv

or, from Python: `predict(load(), rows)`. Nothing but the types listed below is ever made of what the model file says.
"""
'''


def _scorer_of(model: WithPipeline) -> str:
    return next(SCORERS[kind.__name__] for kind in type(model).__mro__ if kind.__name__ in SCORERS)


def _takes_context(scorer: str) -> bool:
    file, _, name = scorer.partition(":")
    module = getattr(import_module(file), name)
    assert isinstance(module, Module)
    return "context" in inspect.signature(module.function).parameters


def _body(
    names: Names,
    called: Symbol,
    kind: Symbol,
    untrusted: Sequence[str],
    own: Sequence[Symbol],
    *,
    for_mlflow: bool,
    with_context: bool,
) -> str:
    by = names.by_meaning
    path, pl, model = by[PATH], by[FRAME], by[kind]
    own_types = ", ".join(f"{literal_of(f'{symbol.file}.{symbol.name}')}: {by[symbol]}" for symbol in own)
    context = f", context={by[plain_symbol('Context')]}()" if with_context else ""
    text = f'''
        TRUSTED_TYPES = {literal_of(list(untrusted))}
        OWN_TYPES = {{{own_types}}}


        def load(folder: {path} = {path}(__file__).parent) -> {model}:
            """Read the model from its folder."""
            return {by[Symbol(HERE, "load_model")]}({model}, folder, TRUSTED_TYPES, OWN_TYPES)


        def predict(model: {model}, rows: {pl}.DataFrame) -> {pl}.DataFrame:
            """The rows with their scores; columns are found by name."""
            return {by[called]}(model, {by[Symbol(PORTS, "Table")]}(rows.lazy()){context}).frame.collect()
    '''
    return dedent(text) + "\n\n" + dedent(_for_mlflow(names) if for_mlflow else _for_people(names))


def _for_mlflow(names: Names) -> str:
    by = names.by_meaning
    loaded = by[Symbol(HERE, "LoadedModel")]
    return f'''
        def _load_pyfunc(path: str) -> {loaded}:
            """Called by MLflow with the folder of the data."""
            return {loaded}(load({by[PATH]}(path)), predict)
    '''


def _for_people(names: Names) -> str:
    by = names.by_meaning
    return f"""
        if __name__ == "__main__":
            parser = {by[PARSER]}(description="Predict with the model beside this file")
            parser.add_argument("rows", type={by[PATH]}, help="a CSV or Parquet file with the features")
            parser.add_argument("--output", type={by[PATH]}, help="a CSV file for the scores; else they are printed")
            arguments = parser.parse_args()
            scored = predict(load(), {by[Symbol(HERE, "read_rows")]}(arguments.rows))
            if arguments.output:
                scored.write_csv(arguments.output)
            else:
                print(scored.write_csv())
    """
