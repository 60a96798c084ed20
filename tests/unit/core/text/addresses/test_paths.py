from __future__ import annotations

import pytest

from tests.unit.core.text.addresses.test_stage import written


@pytest.mark.parametrize(
    "raw, text",
    [
        ("cd slash usr slash local slash bin", "cd /usr/local/bin"),
        ("Cd slash home slash Anna slash notes dot txt.", "Cd /home/anna/notes.txt."),
        ("ls slash tmp", "ls /tmp"),
        ("look in slash var slash log", "look in /var/log"),
        ("it is in tilde slash dot config slash app dot toml", "it is in ~/.config/app.toml"),
        ("dot slash run dot sh", "./run.sh"),
        ("cd dot dot slash src", "cd ../src"),
        ("mkdir dash p src slash core", "mkdir -p src/core"),
        ("git checkout dash b feature slash login", "git checkout -b feature/login"),
        ("chmod six four four slash etc slash passwd", "chmod six four four /etc/passwd"),
        ("cd dot dot slash", "cd ../"),
        ("c d slash home slash ana slash projects", "cd /home/ana/projects"),
        ("c d tilde slash projects", "cd ~/projects"),
        ("c d dot dot", "cd .."),
        ("r m dash r f slash tmp slash build", "rm -rf /tmp/build"),
        ("put the c d slash vinyl there", "put the c d slash vinyl there"),
        ("a CD slash dvd player", "a CD slash dvd player"),
        ("c colon backslash users backslash lena", "C:\\users\\lena"),
        ("see src slash core slash main dot py", "see src/core/main.py"),
        ("the tests forward slash unit forward slash core folder", "the tests/unit/core folder"),
        ("open report dash final dot p d f", "open report dash final.pdf"),
        ("open report hyphen final dot p d f", "open report-final.pdf"),
        ("archive dot tar dot gz", "archive.tar.gz"),
        ("rm star dot py", "rm *.py"),
        ("the dot env file", "the .env file"),
        ("open slash etc slash hosts and go", "open /etc/hosts and go"),
    ],
)
def test_paths_and_files(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "to slash costs we moved",
        "we slash jobs",
        "polka dot doc",
        "the little dot key is red",
        "slash",
        "budget slash cuts",
        "star dot it",
        "a dot in it",
        "c colon it is",
    ],
)
def test_neither_path_nor_file(text: str) -> None:
    assert written(text) == text
