"""Scripts of Python nodes as functions of the program."""

import ast
from collections.abc import Iterator, Mapping

from designer.graph.export.naming import SCRIPTS
from designer.graph.export.source import Source
from designer.graph.export.sources import Symbol
from designer.graph.plan import Step
from modules.kit.syntax import parse

MODULE = "execute_python_script"
INPUTS = ("dataset1", "dataset2")
OUTPUTS = ("result_dataset", "result_dataset2")
FUNCTION = "azureml_main"
ONCE = (ast.Call, ast.Await, ast.Yield, ast.NamedExpr)
"""What must not happen before its time: a script runs from its first line whenever its node does."""


def scripts_of(source: Source) -> Mapping[str, str]:
    """The texts of scripts that can stand in the program as functions, by the name of their file."""
    found: dict[str, str] = {}
    for step in source.plan.steps:
        if is_script(step):
            found[file_of(step)] = str(step.params["script"])
    return found


def is_script(step: Step) -> bool:
    """Tell whether a step does nothing but run a script that can stand in the program as functions."""
    return (
        step.module == MODULE
        and tuple(output.name for output in step.outputs) == OUTPUTS
        and set(step.inputs) <= set(INPUTS)
        and _can_be_functions(str(step.params["script"]))
    )


def file_of(step: Step) -> str:
    """The name that stands for the script's file."""
    return f"{SCRIPTS}{step.node}"


def function_of(step: Step) -> Symbol:
    """The function that a script's step calls."""
    return Symbol(file_of(step), FUNCTION)


def names_in(text: str) -> Iterator[str]:
    """All names that a script defines."""
    for statement in parse(text).body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def _can_be_functions(text: str) -> bool:
    """Tell whether a script only imports, defines and names values, so that it may do so once and for all."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    is_plain = all(_is_definition(statement) for statement in tree.body)
    has_globals = any(isinstance(node, ast.Global) for node in ast.walk(tree))
    return FUNCTION in defined and is_plain and not has_globals and not names & {"__name__", "__file__", "globals"}


def _is_definition(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import():
            return True
        case ast.ImportFrom(level=0, names=names):
            return all(alias.name != "*" for alias in names)
        case ast.FunctionDef(decorator_list=[]):
            defaults = [*statement.args.defaults, *statement.args.kw_defaults]
            return not any(isinstance(node, ONCE) for default in defaults if default for node in ast.walk(default))
        case ast.ClassDef():
            return True
        case ast.Assign(targets=targets, value=value):
            is_named = all(isinstance(target, ast.Name) for target in targets)
            return is_named and not any(isinstance(node, ONCE) for node in ast.walk(value))
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is not None and not any(isinstance(node, ONCE) for node in ast.walk(value))
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False
