from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.errors import UserError
from primum.evaluation import EvalConfig, config_from, read_config_file

MODEL = "openai/model-1"


def test_defaults_give_way_to_the_file_and_the_file_to_what_the_caller_says() -> None:
    file, said = {"model": MODEL, "seed": 1, "max_tokens": 10}, {"seed": 2, "limit": 4}
    config = config_from(file, said)
    assert (config.seed, config.max_tokens, config.limit, config.temperature) == (2, 10, 4, 0.0)


def test_an_option_that_was_not_said_does_not_undo_what_the_file_says() -> None:
    assert config_from({"model": MODEL, "seed": 1}, {"seed": None, "model": None}).seed == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, r"No model was given"),
        ({"model": MODEL, "modle": "x"}, r"Unknown config key 'modle'\. Did you mean 'model'\?"),
        ({"model": MODEL, "dataset": "pears"}, r"Unknown data set 'pears'\. Did you mean 'pairs'\?"),
        ({"model": MODEL, "split": "dev"}, r"Unknown split of 'pairs' 'dev'\. Allowed: test, train"),
        ({"model": MODEL, "judge": "nobody"}, r"Unknown judge 'nobody'\. .*Allowed: clinical, embedded"),
        ({"model": MODEL, "attack": "x"}, r"Unknown attack 'x'\. Allowed: none"),
        ({"model": "openia/x"}, r"Unknown model provider 'openia'\. Did you mean 'openai'\?"),
        ({"model": "openai"}, r"names a provider and no model"),
        ({"model": "openai/"}, r"names a provider and no model"),
        ({"model": ""}, r"Unknown model provider ''"),
        ({"model": "gguf/smollm"}, r"Unknown embedded model 'smollm'"),
        ({"model": MODEL, "judge": "rubric"}, r"Judge 'rubric' needs a language model\. Add --judge-model"),
        ({"model": MODEL, "judge_model": MODEL}, r"Judge 'embedded' uses no language model"),
        ({"model": MODEL, "judge": "rubric", "judge_model": "nowhere/x"}, r"Unknown model provider 'nowhere'"),
        ({"model": 5}, r"'model' has the value 5; allowed: str"),
        ({"model": MODEL, "limit": "4"}, r"'limit' has the value '4'; allowed: int"),
        ({"model": MODEL, "limit": 4.0}, r"'limit' has the value 4\.0; allowed: int"),
        ({"model": MODEL, "limit": True}, r"'limit' has the value True; allowed: int"),
        ({"model": MODEL, "limit": 0}, r"'limit' has the value 0; allowed: 1 or more"),
        ({"model": MODEL, "max_tokens": 0}, r"'max_tokens' has the value 0; allowed: 1 or more"),
        ({"model": MODEL, "max_connections": 0}, r"'max_connections' has the value 0; allowed: 1 or more"),
        ({"model": MODEL, "max_retries": -1}, r"'max_retries' has the value -1; allowed: 0 or more"),
        ({"model": MODEL, "seed": -1}, r"'seed' has the value -1; allowed: 0 or more"),
        ({"model": MODEL, "temperature": -0.1}, r"'temperature' has the value -0\.1; allowed: 0 or more"),
        ({"model": MODEL, "temperature": "hot"}, r"'temperature' has the value 'hot'; allowed: float or int"),
        ({"model": MODEL, "columns": "text=b"}, r"'columns' has the value 'text=b'; allowed: dict"),
        ({"model": MODEL, "columns": {"text": "b"}}, r"Data set 'pairs' has known columns\. Leave --column out"),
        (
            {"model": MODEL, "dataset": "a.csv", "columns": {"txt": "b"}},
            r"Unknown column role 'txt'\. Did you mean 'text'",
        ),
        (
            {"model": MODEL, "dataset": "a.csv", "columns": {"principle": "b", "category": "c"}},
            r"Both --column principle=… and category=… were given\. Keep one",
        ),
        (
            {"model": MODEL, "dataset": "a.csv", "data_dir": "b"},
            r"'a\.csv' is a place by itself\. Leave --data-dir out",
        ),
        ({"model": MODEL, "dataset": "hf:a/b", "data_dir": "c"}, r"'hf:a/b' is a place by itself"),
        (
            {"model": MODEL, "dataset": "a.csv", "split": "dev"},
            r"Unknown split of 'plain' 'dev'\. Allowed: test, train",
        ),
        ({"model": MODEL, "model_args": "threads=4"}, r"'model_args' has the value 'threads=4'; allowed: dict"),
    ],
)
def test_a_mistake_is_named_with_its_value_and_what_is_allowed(said: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        config_from(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("temperature", [float("nan"), float("inf")])
def test_a_temperature_that_is_no_number_is_refused(temperature: float) -> None:
    with pytest.raises(UserError, match="'temperature'"):
        config_from({"model": MODEL, "temperature": temperature})


def test_the_ends_of_every_range_are_allowed() -> None:
    config = config_from(
        {"model": MODEL, "limit": 1, "max_tokens": 1, "max_connections": 1, "max_retries": 0, "temperature": 0}
    )
    assert (config.limit, config.max_tokens, config.max_connections, config.max_retries) == (1, 1, 1, 0)
    assert isinstance(config.temperature, float)


def test_a_data_folder_is_made_absolute_so_that_the_run_can_be_repeated_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_from({"model": MODEL, "data_dir": "data"}).data_dir == str(tmp_path / "data")


@pytest.mark.parametrize("name", ["requests.csv", "requests.TSV", "a/b.jsonl", "b.json", "b.parquet", "b.txt"])
def test_a_file_in_place_of_a_data_sets_name_is_a_plain_data_set_at_an_absolute_place(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = config_from({"model": MODEL, "dataset": name})
    assert (config.dataset, config.data_dir) == ("plain", str(tmp_path / name))


def test_a_file_in_the_home_folder_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_from({"model": MODEL, "dataset": "~/requests.csv"}).data_dir == str(tmp_path / "requests.csv")


@pytest.mark.parametrize("place", ["hf:owner/name", "hf:owner/name@main/data/test.csv", f"hf:owner/name@{'0' * 40}"])
def test_a_place_on_the_hub_stays_as_it_was_said(place: str) -> None:
    config = config_from({"model": MODEL, "dataset": place})
    assert (config.dataset, config.data_dir) == ("plain", place)


@pytest.mark.parametrize("place", ["hf:owner/name", "requests.csv"])
def test_a_stored_plain_configuration_means_the_same_when_read_again(place: str) -> None:
    config = config_from({"model": MODEL, "dataset": place, "columns": {"text": "prompt", "intent": "benign"}})
    assert config_from(config.as_toml()) == config


def test_another_place_or_other_columns_are_another_run() -> None:
    places: list[dict[str, Any]] = [
        {"dataset": "a.csv"},
        {"dataset": "b.csv"},
        {"dataset": "hf:owner/name"},
        {"dataset": "a.csv", "columns": {"text": "prompt"}},
        {"dataset": "a.csv", "columns": {"text": "prompt", "intent": "benign"}},
    ]
    configs = [config_from({"model": MODEL, **place}) for place in places]
    assert len({config.identity_sha256 for config in configs}) == len(places)
    assert len({config.folder_name for config in configs}) == len(places)


def test_the_order_in_which_columns_are_said_does_not_matter() -> None:
    columns = {"text": "prompt", "intent": "benign"}
    one, other = (
        config_from({"model": MODEL, "dataset": "a.csv", "columns": said})
        for said in (columns, dict(reversed(columns.items())))
    )
    assert one.identity_sha256 == other.identity_sha256


def test_a_local_copy_of_a_named_data_set_is_the_same_run_as_a_download(tmp_path: Path) -> None:
    """Its content is pinned, so its place says nothing about it."""
    one, other = (
        config_from({"model": MODEL, "dataset": "medsafetybench", "data_dir": place}) for place in (None, str(tmp_path))
    )
    assert one.identity_sha256 == other.identity_sha256


def test_a_bare_gguf_path_is_the_embedded_engines_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_from({"model": "model.gguf"}).model == f"gguf/{tmp_path / 'model.gguf'}"
    assert config_from({"model": f"gguf/{tmp_path / 'model.gguf'}"}).model == f"gguf/{tmp_path / 'model.gguf'}"


def test_a_judges_bare_gguf_path_is_the_embedded_engines_model_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = config_from({"model": MODEL, "judge": "rubric", "judge_model": "judge.gguf"})
    assert config.judge_model == f"gguf/{tmp_path / 'judge.gguf'}"


CHANGES: list[dict[str, Any]] = [
    {"model": "openai/model-2"},
    {"dataset": "medsafetybench"},
    {"dataset": "medsafetybench", "split": "train"},
    {"limit": 4},
    {"seed": 1},
    {"system_prompt": "prompt 1"},
    {"max_tokens": 10},
    {"temperature": 0.5},
    {"base_url": "http://localhost:1"},
    {"model_args": {"top_k": 1}},
]


def test_everything_that_can_change_an_answer_changes_the_identity_and_the_folder() -> None:
    configs = [config_from({"model": MODEL, **change}) for change in [{}, *CHANGES]]
    assert len({config.identity_sha256 for config in configs}) == len(configs)
    assert len({config.folder_name for config in configs}) == len(configs)


@pytest.mark.parametrize(
    "change",
    [
        {"judge": "rubric", "judge_model": "openai/judge-1"},
        {"max_retries": 1},
        {"max_connections": 2},
        {"model_args": {"threads": 2, "slots": 4}},
    ],
)
def test_what_cannot_change_an_answer_leaves_the_identity(change: dict[str, Any]) -> None:
    plain, changed = config_from({"model": MODEL}), config_from({"model": MODEL, **change})
    assert changed.identity_sha256 == plain.identity_sha256
    assert changed.folder_name == plain.folder_name


@given(st.text())
def test_any_model_name_gives_a_folder_name_that_is_one_plain_component(name: str) -> None:
    folder = EvalConfig(model=name).folder_name
    assert "/" not in folder
    assert folder.isascii()
    assert folder not in {".", ".."}
    assert len(folder) < 100


def test_what_is_not_set_is_left_out_of_the_toml() -> None:
    stored = config_from({"model": MODEL, "limit": 4}).as_toml()
    assert None not in stored.values()
    assert "model_args" not in stored
    assert config_from(stored) == config_from({"model": MODEL, "limit": 4})


def test_a_config_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('model = "openai/model-1"\n[model_args]\nthreads = 4\n')
    assert read_config_file(path) == {"model": "openai/model-1", "model_args": {"threads": 4}}


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "Cannot read the config .*No such file"), (b"model = ", "is not TOML"), (b"\xff\xfe", "is not TOML")],
)
def test_a_config_file_that_cannot_be_read_is_a_users_error(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        read_config_file(path)
    assert str(path) in str(caught.value)
