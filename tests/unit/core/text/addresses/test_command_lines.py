from __future__ import annotations

import pytest

from tests.unit.core.text.addresses.test_stage import written


@pytest.mark.parametrize(
    "raw, text",
    [
        ("git commit dash m fix", "git commit -m fix"),
        ("git commit minus minus amend", "git commit --amend"),
        ("pytest dash dash verbose dash x", "pytest --verbose -x"),
        ("npm install dash dash save dash dev", "npm install --save-dev"),
        ("docker run dash dash name web dash p eighty eighty", "docker run --name web -p 8080"),
        ("docker compose up dash d", "docker compose up -d"),
        ("gcc dash O two main dot c", "gcc -O2 main.c"),
        ("tar dash x z f archive dot tar dot gz", "tar -xzf archive.tar.gz"),
        ("docker run dash it ubuntu", "docker run -it ubuntu"),
        ("then run find dot dash name star dot py", "then run find dot -name *.py"),
        ("git log dash dash since equals yesterday", "git log --since=yesterday"),
        ("apt dash get install", "apt-get install"),
        ("git add dot", "git add ."),
        ("docker run dash dash rm dash it ubuntu", "docker run --rm -it ubuntu"),
        ("kubectl get pods dash n kube dash system", "kubectl get pods -n kube-system"),
        ("ls dash l pipe grep foo", "ls -l | grep foo"),
        ("the dash dash force flag", "the --force flag"),
        ("run it with dash dash force", "run it with --force"),
        ("dash dash verbose", "--verbose"),
    ],
)
def test_options(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "find the dash cam",
        "sort by dash",
        "make no mistake dash we will win",
        "git is a tool dash m is not",
        "I was thinking dash dash maybe not",
        "user dash agent",
        "cat dash food is cheap",
        "my cat dash m",
        "the pipe dash it leaks",
        "add a dot",
    ],
)
def test_dashes_in_prose(text: str) -> None:
    assert written(text) == text
