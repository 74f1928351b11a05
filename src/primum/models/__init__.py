"""Models that run in this process: the embedded default and any local ``.gguf`` file.

Every other model is asked over the network through ``engine``.
"""

from primum.models.catalogue import EMBEDDED, EmbeddedModel
from primum.models.engine import Completion, EngineSettings, LocalEngine
from primum.models.resolve import GGUF_PREFIX, LocalModel, is_local, resolve_local

__all__ = [
    "EMBEDDED",
    "GGUF_PREFIX",
    "Completion",
    "EmbeddedModel",
    "EngineSettings",
    "LocalEngine",
    "LocalModel",
    "is_local",
    "resolve_local",
]
