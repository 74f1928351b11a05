"""Studies of scripted models, written down for tests."""

from pathlib import Path

from tests.stories.scripts import script

REPOSITORY = Path(__file__).parents[2]
PAPER = sorted(path for path in (REPOSITORY / "configs" / "paper").glob("*.toml") if path.name != "models.toml")


def study_file(folder: Path, **replies: str) -> Path:
    """A study of one scripted model for each reply, on a few PrimumPairs and a few ordinary questions."""
    models = "".join(
        f'[[models]]\nname = "{name}"\nmodel = "{script(folder / f"{name}.json", reply)}"\n'
        for name, reply in replies.items()
    )
    path = folder / "study.toml"
    path.write_text(
        'title = "Two models"\n[settings]\nlimit = 4\n'
        + models
        + '[[data]]\nname = "twins"\ndataset = "pairs"\n[[data]]\nname = "questions"\ndataset = "ordinary"\n',
        encoding="utf-8",
    )
    return path


def changed(path: Path, old: str, new: str) -> Path:
    """The study with one text in the place of another."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path
