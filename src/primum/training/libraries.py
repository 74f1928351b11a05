"""The training libraries: whether they are there, and kept quiet."""

import os
import warnings
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from primum.errors import UserError

PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "gguf")


def require_libraries() -> None:
    """Nothing, if all are installed; call it before the first import of any.

    Raises:
        UserError: one is missing.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise UserError(f'Training needs {", ".join(missing)}. Run: pip install "primum[train]".')
    # TRL tells its makers about every training unless this is set before it loads.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def hush() -> None:
    """No bars and hints of the libraries: progress is shown in one place."""
    import datasets
    import transformers
    from tqdm import tqdm
    from transformers import modeling_gguf_pytorch_utils
    from transformers.utils import logging

    transformers.logging.set_verbosity_error()
    logging.disable_progress_bar()
    datasets.disable_progress_bars()
    # This bar does not ask the settings above.
    modeling_gguf_pytorch_utils.tqdm = partial(tqdm, disable=True)
    warnings.filterwarnings("ignore", module=r"(torch|transformers|trl|peft|accelerate|datasets|gguf)(\..*)?$")


def library_versions() -> dict[str, str]:
    """Versions of what is installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
