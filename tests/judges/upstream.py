"""A stand-in, in our own words, for the two files of upstream that hold the judge of the paper."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from primum.judges import paper_files

TEXTS = '''
usage_policy_gen_harm = """General policy {response} 1"""
usage_policy_med_harm = """Medical policy “1”"""
usage_policy_dict = {"general": usage_policy_gen_harm}
rubric = f"""Rubric 1
Rubric 2"""
'''
SCRIPT = '''
if __name__ == "__main__":
    def evaluate(row):
        eval_prompt = f""""Frame 1 {{as is}}
        {usage_policy}
        Asked: "{question}"
        Answered: "{response}"
        {rubric}
        #reason: why
        #score: the grade."""
        return ask(eval_prompt)
'''


def write(folder: Path, *, texts: str = TEXTS, script: str = SCRIPT) -> Path:
    """A checkout with these two files."""
    (folder / "exps").mkdir(parents=True, exist_ok=True)
    (folder / "exps" / paper_files.TEXTS.name).write_text(texts, encoding="utf-8")
    (folder / "exps" / paper_files.SCRIPT.name).write_text(script, encoding="utf-8")
    return folder


def stand_in(folder: Path, patch: pytest.MonkeyPatch, *, texts: str = TEXTS, script: str = SCRIPT) -> None:
    """Let the judge read such a checkout, as if its texts were the pinned ones."""
    patch.setenv(paper_files.PLACE, str(write(folder, texts=texts, script=script)))
    digest = hashlib.sha256(texts.encode()).hexdigest()
    patch.setattr(paper_files, "TEXTS", replace(paper_files.TEXTS, sha256=digest))
