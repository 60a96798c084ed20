from __future__ import annotations

from pathlib import Path

import pytest
from anyio.to_thread import run_sync

from parleqd.core.polish.prompt import MOST_TERMS
from tests.fakes.command_line import parleqctl, parleqctl_at
from tests.fakes.daemon import Object, Refusal, Reply, running_daemon

PROBLEM: Object = {"line": 3, "message": "it holds no letter or digit", "hint": "write a term"}
LISTED: Object = {
    "path": "/home/x/vocabulary.jsonl",
    "entries": [
        {"term": "Noirtier", "aliases": [], "spoken": []},
        {"term": "Kubernetes", "aliases": ["k8s", "kube"], "spoken": ["cube are netties"]},
    ],
    "problems": [PROBLEM],
}
ENTRY: Object = {"term": "Noirtier", "aliases": ["Nortier"], "spoken": []}
IMPORTED: Object = {"added": 2, "changed": 1, "unchanged": 0, "problems": [PROBLEM]}
REPLIES: dict[str, Reply] = {
    "vocabulary/list": LISTED,
    "vocabulary/add": {"change": "added", "entry": ENTRY},
    "vocabulary/remove": ENTRY,
    "vocabulary/import": IMPORTED,
    "vocabulary/suggest": {"suggestions": [{"term": "kubectl", "heard": "cube cuddle", "times": 2}]},
}
TABLE = """\
Noirtier
Kubernetes  k8s, kube  cube are netties
"""


@pytest.mark.asyncio
async def test_terms_are_a_table_and_bad_lines_are_told_by_their_place() -> None:
    async with running_daemon(REPLIES) as daemon:
        table = await parleqctl_at(daemon, "vocabulary", "list")
        json = await parleqctl_at(daemon, "vocabulary", "list", "--json")
    assert table.code == 0
    assert [line.rstrip() for line in table.out.splitlines()] == TABLE.splitlines()
    assert "the file: /home/x/vocabulary.jsonl" in table.err
    assert "/home/x/vocabulary.jsonl:3: it holds no letter or digit; write a term" in table.err
    assert (json.code, json.json) == (0, [LISTED])


@pytest.mark.asyncio
async def test_an_empty_vocabulary_says_how_to_begin() -> None:
    async with running_daemon({"vocabulary/list": {"path": "/x", "entries": [], "problems": []}}) as daemon:
        outcome = await parleqctl_at(daemon, "vocabulary", "list")
    assert (outcome.code, outcome.out) == (0, "")
    assert "vocabulary add TERM" in outcome.err


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("change", "said"), [("added", "was added"), ("changed", "changed"), ("unchanged", "there already")]
)
async def test_adding_says_what_it_came_to(change: str, said: str) -> None:
    async with running_daemon({"vocabulary/add": {"change": change, "entry": ENTRY}}) as daemon:
        arguments = ("Noirtier", "--alias", "Nortier", "--alias", "Nwartier", "--spoken", "nwar tee ay")
        outcome = await parleqctl_at(daemon, "vocabulary", "add", *arguments)
        plain = await parleqctl_at(daemon, "vocabulary", "add", "Noirtier", "--json")
    assert outcome.code == 0
    assert outcome.out.startswith("Noirtier ")
    assert said in outcome.out
    assert plain.json == [{"change": change, "entry": ENTRY}]
    assert daemon.asked("vocabulary/add") == [
        {"term": "Noirtier", "aliases": ["Nortier", "Nwartier"], "spoken": ["nwar tee ay"]},
        {"term": "Noirtier"},
    ]


@pytest.mark.asyncio
async def test_removing_one_that_is_not_there_is_refused() -> None:
    replies: dict[str, Reply] = {"vocabulary/remove": Refusal("unknown_term", "no such term")}
    async with running_daemon(REPLIES) as daemon:
        assert (await parleqctl_at(daemon, "vocabulary", "remove", "noirtier")).out == "Noirtier was removed\n"
    async with running_daemon(replies) as daemon:
        refused = await parleqctl_at(daemon, "vocabulary", "remove", "x", "--json")
    assert refused.code == 4
    assert refused.json[0]["error"]["reason"] == "unknown_term"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "options", "written_in"),
    [
        ("list.txt", (), None),
        ("list.csv", (), "csv"),
        ("list.JSON", (), "json"),
        ("list.jsonl", (), "lines"),
        ("list.csv", ("--format", "lines"), "lines"),
    ],
)
async def test_a_file_is_sent_with_the_format_that_its_name_tells(
    tmp_path: Path, name: str, options: tuple[str, ...], written_in: str | None
) -> None:
    place = tmp_path / name
    await run_sync(place.write_bytes, "\ufeffkäse\n".encode())
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "vocabulary", "import", str(place), *options)
    told = {} if written_in is None else {"format": written_in}
    assert daemon.asked("vocabulary/import") == [{"text": "käse\n", **told}]
    assert (outcome.code, outcome.out) == (0, "2 added, 1 changed, 0 unchanged\n")
    assert f"{name}:3: it holds no letter or digit; write a term" in outcome.err


@pytest.mark.asyncio
async def test_a_list_can_come_from_standard_input() -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "vocabulary", "import", "-", "--json", stdin=b"Noirtier\nMorrel\n")
    assert daemon.asked("vocabulary/import") == [{"text": "Noirtier\nMorrel"}]
    assert outcome.json == [IMPORTED]


@pytest.mark.asyncio
async def test_a_file_that_is_not_there_is_told_without_asking_anybody(tmp_path: Path) -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "vocabulary", "import", str(tmp_path / "none.txt"))
    assert outcome.code == 4
    assert "none.txt cannot be read" in outcome.err
    assert daemon.asked("vocabulary/import") == []


@pytest.mark.asyncio
async def test_a_problem_of_no_line_is_told_of_the_list() -> None:
    problem = {"line": 0, "message": "item 2: it holds no term", "hint": "leave it out"}
    async with running_daemon({"vocabulary/import": {**IMPORTED, "problems": [problem]}}) as daemon:
        outcome = await parleqctl_at(daemon, "vocabulary", "import", "-", stdin=b"[]")
    assert "warning: standard input: item 2: it holds no term; leave it out" in outcome.err


def test_help_tells_that_terms_go_to_the_cleanup_target(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        parleqctl("vocabulary", "--help")
    out = capsys.readouterr().out
    assert f"up to {MOST_TERMS} terms" in out
    assert "go to your cleanup target with every text" in out


@pytest.mark.asyncio
async def test_terms_are_suggested_and_none_is_added() -> None:
    async with running_daemon(REPLIES) as daemon:
        table = await parleqctl_at(daemon, "vocabulary", "suggest")
        json = await parleqctl_at(daemon, "vocabulary", "suggest", "--json")
    assert (table.code, table.out) == (0, "kubectl  heard as 'cube cuddle'  2×\n")
    assert "vocabulary add" in table.err
    assert json.json == [REPLIES["vocabulary/suggest"]]
    assert {method for method, _ in daemon.received} == {"vocabulary/suggest"}


@pytest.mark.asyncio
async def test_nothing_to_suggest_is_said() -> None:
    async with running_daemon({"vocabulary/suggest": {"suggestions": []}}) as daemon:
        outcome = await parleqctl_at(daemon, "vocabulary", "suggest")
    assert (outcome.code, outcome.out) == (0, "")
    assert "nothing to suggest" in outcome.err
