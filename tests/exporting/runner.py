"""Run exported programs in an interpreter that knows nothing of ours: ``python -I runner.py``.

Each line of standard input is a request: the program, its variables, and a folder for what they hold at the end.
"""

import ast
import dataclasses
import importlib.util
import json
import sys
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

OURS = ("designer", "modules")


def main() -> None:
    for name in OURS:
        if importlib.util.find_spec(name) is not None:
            raise SystemExit(f"{name} can be imported here")
    warnings.simplefilter("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            values = run(Path(request["program"]), request["variables"])
            answer = {"values": {key: kept(value, key, Path(request["folder"])) for key, value in values.items()}}
        except BaseException as error:  # noqa: BLE001  programs may raise anything
            answer = {"error": {"said": traceback.format_exc()}}
            answer["error"]["message"] = str(error)
        print(json.dumps(answer), file=answers, flush=True)


def run(path: Path, variables: list[str]) -> dict[str, Any]:
    """What the variables of `main` hold at its end."""
    tree = ast.parse(path.read_bytes())
    [main] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    main.body += ast.parse("return locals()").body
    module = types.ModuleType("exported")
    module.__file__ = str(path)
    sys.modules["exported"] = module
    exec(compile(tree, path, "exec"), module.__dict__)  # noqa: S102  the code under test
    found = module.main()
    return {name: found[name] for name in variables}


def kept(value: Any, name: str, folder: Path) -> Any:
    """A value as JSON; the rows of tables in files."""
    if isinstance(value, tuple):
        return {field: kept(getattr(value, field), f"{name}.{field}", folder) for field in value._fields}
    if hasattr(value, "frame"):
        path = folder / f"{name}.arrow"
        value.frame.collect().write_ipc(path)
        return {"rows": str(path), "roles": dict(value.roles), "categorical": sorted(value.categorical)}
    return described(value)


def described(value: Any) -> Any:
    """The fields of a learner, model or transformation that are plain values."""
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def plain(value: Any) -> Any:
    """A value made of plain ones as JSON; of a file its content, and of anything else its type."""
    match value:
        case Path() if value.is_file():
            return value.read_bytes().hex()
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted(map(str, value))
    return plain(value.tolist()) if hasattr(type(value), "tolist") else type(value).__name__


if __name__ == "__main__":
    main()
