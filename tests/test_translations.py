"""Everything a person reads is there in every language, and is found when it is looked for."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from councils.forms import RevealForm

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = sorted(one.name for one in (ROOT / "locale").iterdir() if one.is_dir())
NOT_OURS = {"tests", "var", "node_modules"}
# An empty first line goes on below it where a text holds line breaks.
EMPTY = re.compile(r'^msgstr(?:\[\d\])? ""$(?!\n")', re.MULTILINE)


def sources(*kinds: str) -> list[Path]:
    """Return the files people's words stand in: no test, and nothing that was installed."""
    return [
        path
        for top in sorted(ROOT.iterdir())
        if top.name not in NOT_OURS and not top.name.startswith(".")
        for path in ([top] if top.is_file() else sorted(top.rglob("*")))
        if path.suffix in kinds and "node_modules" not in path.parts
    ]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources and catalogues, into which every string of today was extracted."""
    copy = tmp_path_factory.mktemp("words")
    for path in sources(".py", ".html", ".txt", ".po"):
        there = copy / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, there)
    # Without our settings: they name the real catalogues, which no test may touch.
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    wanted = [f"--locale={language}" for language in LANGUAGES]
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--no-wrap", *wanted],
        cwd=copy,
        env=env,
        check=True,
        timeout=60,
    )
    return copy


def entries(catalogue: Path) -> list[str]:
    """Return the entries of a catalogue that are in use, each as its lines; without the header."""
    found = subprocess.run(
        ["msgattrib", "--no-obsolete", "--no-wrap", "--no-location", catalogue],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return found.strip().split("\n\n")[1:]


def lacking(entry: str) -> bool:
    """Say whether an entry is a guess, or lacks its words or one of its plural forms."""
    return bool(EMPTY.search(entry) or re.search("^#,.* fuzzy", entry, re.MULTILINE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str, extracted: Path) -> None:
    found = entries(extracted / "locale" / language / "LC_MESSAGES" / "django.po")
    assert len(found) > 1000
    missing = [entry[entry.index("msgid ") :] for entry in found if lacking(entry)]
    assert missing == [], f"not translated into {language}:\n" + "\n\n".join(missing)


@pytest.mark.parametrize(
    ("entry", "is_lacking"),
    [
        ('msgid "Yes"\nmsgstr "Sí"', False),
        ('msgid "Yes"\nmsgstr ""', True),
        ('#, fuzzy\nmsgid "Yes"\nmsgstr "No"', True),
        ('#, fuzzy, python-format\nmsgid "%s"\nmsgstr "%s"', True),
        ('msgid "a\\nb"\nmsgstr ""\n"a\\n"\n"b"', False),
        ('msgid "day"\nmsgid_plural "days"\nmsgstr[0] "día"\nmsgstr[1] ""', True),
    ],
)
def test_what_lacks_a_translation(entry: str, is_lacking: bool) -> None:
    assert lacking(entry) is is_lacking


def test_every_mark_is_one_that_extraction_knows() -> None:
    """A string in ``gettext as _now`` is never found, and so never translated."""
    unknown = [
        f"{path.relative_to(ROOT)}: {name.name} as {name.asname}"
        for path in sources(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and name.asname not in (None, "_")
    ]
    assert unknown == []


@pytest.mark.parametrize(("language", "words"), [("es", "Son 64 signos"), ("ar", "المطلوب 64")])
def test_a_sentence_with_a_number_is_said_in_the_language_of_the_reader(
    language: str, words: str
) -> None:
    """It was once put together when the module was read, before anybody's language was known."""
    with translation.override(language):
        assert words in str(RevealForm({"secret": "12"}).errors["secret"])
