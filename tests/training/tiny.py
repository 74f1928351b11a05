"""A Llama of a few thousand weights with a vocabulary of bytes, as a GGUF file that both engines read, and rows to learn."""

from pathlib import Path

import gguf
import numpy as np

WIDTH, HIDDEN, LAYERS, HEADS, KEY_HEADS = 64, 96, 2, 4, 2
HEAD = WIDTH // HEADS
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def byte_tokens() -> list[str]:
    """The 256 bytes as GPT-2 writes them, so that any text is made of known tokens."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) for byte in plain] + [chr(256 + index) for index in range(len(others))]


SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["t h", "th e", "e r", "i n"]
TOKENS = SPECIAL + byte_tokens() + [merge.replace(" ", "") for merge in MERGES]


def write_tiny_gguf(path: Path, *, template: str | None = TEMPLATE, seed: int = 0) -> Path:
    """Write the model; another seed gives other weights."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    for add, value in (
        (writer.add_block_count, LAYERS), (writer.add_context_length, 512), (writer.add_embedding_length, WIDTH),
        (writer.add_feed_forward_length, HIDDEN), (writer.add_head_count, HEADS), (writer.add_head_count_kv, KEY_HEADS),
        (writer.add_rope_dimension_count, HEAD), (writer.add_vocab_size, len(TOKENS)), (writer.add_file_type, 0),
    ):  # fmt: skip
        add(value)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(TOKENS)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control] * len(SPECIAL) + [normal] * (len(TOKENS) - len(SPECIAL)))
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)
    if template is not None:
        writer.add_chat_template(template)
    generator = np.random.default_rng(seed)
    for name, shape in _shapes().items():
        values = np.ones(shape) if "norm" in name else generator.normal(0, 0.15, shape)
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (len(TOKENS), WIDTH), "output_norm.weight": (WIDTH,)}
    for layer in range(LAYERS):
        shapes |= {
            f"blk.{layer}.{name}.weight": shape
            for name, shape in {
                "attn_norm": (WIDTH,), "ffn_norm": (WIDTH,), "attn_q": (WIDTH, WIDTH), "attn_k": (KEY_HEADS * HEAD, WIDTH),
                "attn_v": (KEY_HEADS * HEAD, WIDTH), "attn_output": (WIDTH, WIDTH), "ffn_gate": (HIDDEN, WIDTH),
                "ffn_up": (HIDDEN, WIDTH), "ffn_down": (WIDTH, HIDDEN),
            }.items()
        }  # fmt: skip
    return shapes


RECIPE = """
method = "{method}"
batch = 8
micro_batch = 4
max_length = 96
learning_rate = 5e-3
dtype = "float32"
save_every = 2
[lora]
r = 4
alpha = 8
dropout = {dropout}
[mixture]
n = 8
twins = 1.0
ordinary = 1.0
"""


def write_recipe(path: Path, method: str = "sft", dropout: float = 0.1) -> Path:
    """A recipe that the tiny model learns in a second."""
    path.write_text(RECIPE.format(method=method, dropout=dropout))
    return path
