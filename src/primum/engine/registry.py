"""What Inspect finds through the entry point ``inspect_ai = primum.engine.registry``.

Importing this module is cheap on purpose: Inspect imports it at every start.
"""

from inspect_ai.model import ModelAPI, modelapi

from primum.engine.tasks import medsafetybench, pairs

__all__ = ["gguf", "medsafetybench", "pairs", "scripted"]


@modelapi(name="gguf")
def gguf() -> type[ModelAPI]:
    """The embedded engine."""
    from primum.engine.provider import GgufAPI

    return GgufAPI


@modelapi(name="scripted")
def scripted() -> type[ModelAPI]:
    """Replies from a file."""
    from primum.engine.scripted import ScriptedAPI

    return ScriptedAPI
