"""What of the library has a meaning of its own in a program."""

from collections.abc import Mapping

from designer.graph.export import plain
from designer.graph.export.sources import Imported, Meaning, Symbol

PLAIN = plain.__name__
CONTEXT = "designer.engine.plain_context"
"""What steps are given beside their inputs; known by its name, as it belongs to the engine."""
R_RUNNER = Symbol(CONTEXT, "R_RUNNER")
R_RUNNER_FILE = "r_runner.R"
KIT = "modules.kit"
OWN_PACKAGES = frozenset({"modules", "designer"})

STAND_INS: Mapping[Meaning, Meaning] = {
    Symbol(f"{KIT}.context", "Context"): Symbol(CONTEXT, "Context"),
    Symbol(f"{KIT}.context", "Sandbox"): Symbol(CONTEXT, "Sandbox"),
    Imported("pydantic", "JsonValue"): Imported("typing", "Any"),
}
ERROR = Symbol(f"{KIT}.errors", "ModuleError")
LEFT_OUT = frozenset({Symbol(f"{KIT}.ports", "PortType")})
THIN = (f"{KIT}.", PLAIN, CONTEXT)
OF_CONTEXT = frozenset({"Context", "script_results"})
TABLE_SCHEMA = Symbol(f"{KIT}.schema", "TableSchema")
PATH = Imported("pathlib", "Path")
OWN_FUNCTIONS = ("HERE", "Context", "read_dataset", "computed", "print_results", "write_tables")


def plain_symbol(name: str) -> Symbol:
    """What a program has in place of the engine, by its name there."""
    return Symbol(CONTEXT if name in OF_CONTEXT else PLAIN, name)
