"""Models in the format of skops, which can be read without running what the file says."""

from pathlib import Path

from designer.engine.model_files.passport import WithPipeline
from modules.kit import InvalidModel

MODEL_FILE = "model.skops"
OURS_AND_THEIRS = ("sklearn.", "numpy.", "scipy.", "modules.")
"""Where the types of a trained pipeline come from; any other is not written down as trusted."""


def write_skops(model: WithPipeline, folder: Path) -> list[str]:
    """Write the pipeline and read it back with trusted types only; the types that a reader has to trust."""
    import skops.io

    path = folder / MODEL_FILE
    skops.io.dump(model.pipeline, path)
    untrusted = sorted(skops.io.get_untrusted_types(file=path))
    strangers = [name for name in untrusted if not name.startswith(OURS_AND_THEIRS)]
    if strangers:
        raise InvalidModel(
            f"The model holds {strangers[0]}, which is no type of scikit-learn and could not be trusted elsewhere",
            port="model",
        )
    skops.io.load(path, trusted=untrusted)
    return untrusted
