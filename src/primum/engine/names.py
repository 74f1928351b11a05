"""Model names: ``provider/model``, checked before anything heavy is loaded."""

from pathlib import Path

from primum.errors import UserError, unknown_name
from primum.models import EMBEDDED, GGUF_PREFIX, is_local

PROVIDERS: dict[str, str] = {
    "gguf": "a .gguf file in this process (extra 'local')",
    "scripted": "replies read from a JSON file: for tests and examples",
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google": "Google",
    "mistral": "Mistral",
    "groq": "Groq",
    "together": "Together AI",
    "bedrock": "AWS Bedrock",
    "azureai": "Azure AI",
    "openrouter": "OpenRouter",
    "grok": "xAI",
    "fireworks": "Fireworks",
    "sambanova": "SambaNova",
    "hf-inference-providers": "Hugging Face inference providers",
    "openai-api": "any OpenAI-compatible server: openai-api/NAME/MODEL with NAME_API_KEY and NAME_BASE_URL",
    "ollama": "Ollama on this machine",
    "llama-cpp-python": "a llama-cpp-python server",
    "vllm": "vLLM (extra 'vllm')",
    "sglang": "SGLang",
    "hf": "transformers in this process",
}
"""The providers that Primum passes on to Inspect, with what each one is."""


def provider_of(name: str) -> str:
    """The part before the first slash; ``gguf`` for a bare ``.gguf`` path."""
    return GGUF_PREFIX.rstrip("/") if is_local(name) else name.split("/", 1)[0]


def check_model_name(name: str) -> str:
    """The name as Inspect takes it.

    Raises:
        UserError: no such provider, or no model after it.
    """
    provider = provider_of(name)
    if is_local(name):
        short = name.removeprefix(GGUF_PREFIX)
        if short in EMBEDDED:
            return f"{GGUF_PREFIX}{short}"
        if not short.endswith(".gguf"):
            raise unknown_name("embedded model", short, EMBEDDED, "Or give the path of a .gguf file.")
        return f"{GGUF_PREFIX}{Path(short).expanduser().absolute()}"
    if provider not in PROVIDERS:
        raise unknown_name(
            "model provider", provider, PROVIDERS, "Write PROVIDER/MODEL, for example gguf/smollm2-135m."
        )
    if "/" not in name or not name.split("/", 1)[1]:
        raise UserError(f"Model '{name}' names a provider and no model. Write {provider}/MODEL.")
    return name
