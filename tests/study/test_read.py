"""A study's file becomes records, or one line says what is wrong with it."""

from pathlib import Path

import pytest

from primum.errors import UserError
from primum.study import read_study
from tests.study.studies import changed, study_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return study_file(tmp_path, a="yes", b="no")


def finetune(more: str, choice: str, said: str) -> tuple[str, str, str]:
    """A [finetune] table with these lines in it and in its choice of demonstrations."""
    table = f'[finetune]\nrecipe = "sft"\nmodels = ["a"]\n{more}'
    return "[settings]", f'{table}[[finetune.demonstrations]]\nname = "x"\ndata = ["pairs"]\n{choice}[settings]', said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "', 'titel = "', "Unknown key of the study"),
        ("[settings]", "[settings]\ndataset = 'pairs'", "which belongs to [[models]] or [[data]]"),
        ('name = "b"', 'name = "a"', "two models of the name 'a'"),
        ('name = "questions"', 'name = "twins"', "two data sets of the name 'twins'"),
        ('name = "b"\n', 'name = "b"\nseed = 3\n', "Unknown key of a model"),
        ('name = "b"\n', 'name = "b"\nrevision = "main"\n', "has a revision, which scripted does not take"),
        ('name = "b"\n', 'name = "b"\nsystem_prompt = "@gone.txt"\n', "gone.txt, which cannot be read"),
        ('name = "b"\n', "name = 7\n", "has the value 7; allowed: a text"),
        ('title = "Two models"', 'title = "x"\ncatalogue = "gone.toml"', "Cannot read the config"),
        (
            "[settings]",
            '[finetune]\nrecipe = "paper"\nmodels = ["c"]\n[settings]',
            "Unknown model of [finetune]",
        ),
        (
            "[settings]",
            '[finetune]\nrecipe = "paper"\nmodels = ["a"]\noverlap = "hide"\n[settings]',
            "Unknown overlap",
        ),
        (
            "[settings]",
            '[finetune]\nrecipe = "paper"\nmodels = ["a"]\n'
            '[[finetune.demonstrations]]\nname = "x"\ndata = ["pairs"]\nn = [-1]\n[settings]',
            "allowed: a list of whole numbers from 0, each once",
        ),
        finetune("", "n = [0]\n", "is 0 and nothing else"),
        finetune("", "n = [9, 9]\n", "whole numbers from 0, each once"),
        finetune("", "n = [9]\ntwins = -1\n", "'twins' has the value -1; allowed: a number from 0"),
        finetune("", "n = [9]\nordinary = true\n", "'ordinary' has the value True; allowed: a number from 0"),
        finetune("steps = 0\n", "n = [9]\n", "'steps' has the value 0; allowed: a whole number from 1"),
        finetune("batch = 1.5\n", "n = [9]\n", "'batch' has the value 1.5; allowed: a whole number from 1"),
        finetune("seeds = [0, 0]\n", "n = [9]\n", "'seeds' has the value [0, 0]"),
        finetune("seeds = []\n", "n = [9]\n", "'seeds' has the value []"),
        finetune('save = ["adapter"]\n', "n = [9]\n", "neither merged nor gguf"),
        finetune('save = ["ggml"]\n', "n = [9]\n", "Unknown kind to save"),
        finetune('keep_weights = "no"\n', "n = [9]\n", "allowed: true or false"),
        finetune(
            "", 'n = [9]\n[[finetune.demonstrations]]\nname = "x "\ndata = ["pairs"]\nn = [9]\n', "would share a folder"
        ),
    ],
)
def test_a_mistake_in_the_file_is_one_line_that_names_it(file: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        read_study(changed(file, old, new))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_study_without_data_sets_is_refused(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[[data]]")], encoding="utf-8")
    with pytest.raises(UserError, match="has no data set"):
        read_study(file)


def test_a_catalogue_gives_the_models_that_are_named_in_that_order(file: Path, tmp_path: Path) -> None:
    models = "".join(f'[[models]]\nname = "{name}"\nmodel = "openai/{name}"\n' for name in "xyz")
    (tmp_path / "models.toml").write_text(models, encoding="utf-8")
    text = file.read_text(encoding="utf-8")
    data = text[text.index("[[data]]") :]
    file.write_text(f'catalogue = "models.toml"\nmodels = ["z", "x"]\n{data}', encoding="utf-8")
    assert [model.name for model in read_study(file).models] == ["z", "x"]
    file.write_text(f'catalogue = "models.toml"\n{data}', encoding="utf-8")
    assert [model.name for model in read_study(file).models] == ["x", "y", "z"]
    file.write_text(f'catalogue = "models.toml"\nmodels = ["w"]\n{data}', encoding="utf-8")
    with pytest.raises(UserError, match="Unknown model of"):
        read_study(file)


def test_the_hash_covers_every_file_that_the_study_is_written_in(file: Path, tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("Be careful.\n", encoding="utf-8")
    (tmp_path / "form.jinja").write_text("{{ messages }}", encoding="utf-8")
    changed(file, 'name = "b"\n', 'name = "b"\nsystem_prompt = "@prompt.txt"\n')
    changed(file, f"scripted/{tmp_path / 'a.json'}", "vllm/owner/a")
    changed(file, 'name = "a"\n', 'name = "a"\nrevision = "main"\ntemplate = "form.jinja"\n')
    first = read_study(file)
    assert first.models[0].settings == {"model_args": {"revision": "main", "chat_template": "{{ messages }}"}}
    assert first.models[1].settings == {"system_prompt": "Be careful."}
    (tmp_path / "prompt.txt").write_text("Be careless.\n", encoding="utf-8")
    second = read_study(file)
    (tmp_path / "form.jinja").write_text("{{ message }}", encoding="utf-8")
    assert len({first.sha256, second.sha256, read_study(file).sha256}) == 3
