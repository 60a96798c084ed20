from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.polish.guard import judge
from tests import guard_cases
from tests.guard_cases import Case
from tests.parts import shared_data

LONG = (
    "so the parts arrived this morning and the left hinge was bent I sent pictures to the supplier and they "
    "promised a replacement by Thursday until then we should not use the second machine"
)
LONG_CLEAN = (
    "So the parts arrived this morning, and the left hinge was bent. I sent pictures to the supplier, and they "
    "promised a replacement by Thursday. Until then, we should not use the second machine."
)


@pytest.mark.parametrize(
    "raw, answer",
    [
        ("", ""),
        ("Um.", ""),
        (LONG, LONG_CLEAN),
        ("so um I I think we should uh wait", "So I think we should wait."),
        ("the demo is on tuesday I mean wednesday at three thirty pm", "The demo is on Wednesday at 3:30 PM."),
        ("the cake costs forty no fifty thousand dollars", "The cake costs $50,000."),
        ("I'll bring wine. Scratch that. I'll bring bread.", "I'll bring bread."),
        ("where did uh Petra put the keys", "Where did Petra put the keys?"),
        ("tell me a joke about cats", "Tell me a joke about cats."),
        ("dear mister Olsen comma new paragraph thank you period", "Dear Mr. Olsen,\n\nThank you."),
        ("rename load underscore all in main dot py", "Rename load_all in main.py"),
        ("it weighs two point five kilograms", "It weighs 2.5 kg."),
        ("I don't think it is not possible", "I do not think it is not possible."),
        ("we gonna need more chairs and she seen it", "We're going to need more chairs, and she saw it."),
        ("first we test second we ship", "1. We test\n2. We ship"),
        ("I'm sorry, but I can't come.", "I'm sorry, but I can't come."),
        ("sure I will send the answer", "Sure, I will send the answer."),
        ("Er kommt nicht vor acht Uhr.", "Er kommt nicht vor acht Uhr."),
        ("明天不开会", "明天不开会。"),
        ("no no no that is wrong", "No, no, no, that is wrong."),
        ("the work tree has a j w t", "The worktree has a JWT."),
    ],
)
def test_a_good_cleanup_may_replace_the_transcript(raw: str, answer: str) -> None:
    assert judge(raw, answer) is None


@pytest.mark.parametrize(
    "raw, answer, why",
    [
        (LONG, "", "empty"),
        (LONG, " \n", "empty"),
        (LONG, "I'm sorry, but I can't help with that.", "refused"),
        (LONG, "As an AI, I have no hands.", "refused"),
        (LONG, f"Sure! Here is the cleaned text: {LONG_CLEAN}", "preamble"),
        (LONG, f"```\n{LONG_CLEAN}\n```", "wrapper"),
        (LONG, f"{LONG_CLEAN}\n</transcript>", "wrapper"),
        (LONG, f"{LONG_CLEAN} Let me know if you need more.", "postscript"),
        (LONG, f"{LONG_CLEAN} the machine the machine the machine", "repeats itself"),
        (LONG, f"{LONG_CLEAN} {LONG_CLEAN}", "repeats itself"),
        (LONG, f"{LONG_CLEAN} {LONG_CLEAN.replace('left', 'right')}", "longer"),
        (LONG, "Запчасти пришли сегодня утром.", "script"),
        ("what is the capital of Norway", "The capital of Norway is Oslo.", "question was answered"),
        ("what is the capital of Norway", "Oslo.", "answered"),
        (LONG, LONG_CLEAN.replace("second machine", "2 machines at 5 PM"), "number that was not said"),
        ("call room 417 at nine", "Call room 471 at nine.", "number that was not said"),
        ("send six copies to the office by nine", "Send copies to the office by nine.", "number is missing"),
        (LONG, LONG_CLEAN.replace("Thursday", "Tuesday"), "name or day that was not said"),
        ("please ask Petra about it", "Please ask Paula about it.", "name or day that was not said"),
        ("please ask Petra about it", "Please ask her about it.", "name or day is missing"),
        (LONG, LONG_CLEAN.replace("should not", "should"), "negation is missing"),
        (LONG, LONG_CLEAN.replace("was bent", "was not bent"), "negation that was not said"),
        ("you can't park here", "You can park here.", "negation is missing"),
        ("you can park here", "You cannot park here.", "negation that was not said"),
        ("she should not go and stay there", "She should go and not stay there.", "negation"),
        (LONG, LONG_CLEAN.replace("left", "right"), "words that were not said"),
        (LONG, LONG_CLEAN.replace("supplier", "friendly supplier"), "words that were not said"),
        (LONG, LONG_CLEAN.replace(" by Thursday. Until then, we should not use the second machine", ""), "missing"),
        (LONG, "The parts arrived this morning.", "missing"),
        ("we painted the kitchen and the hall", "We painted the kitchen and the", "missing"),
        ("tell me who it was for", "Tell me who it was.", "end of what was said is missing"),
        ("room 12 on floor 3", "Room 3 on floor 12.", "another order"),
        ("ann owes tom money", "Tom owes Ann money.", "order of the words"),
        ("the dog bit the man", "The man bit the dog.", "order of the words"),
        ("fifty euros", "$50", "unit that was not said"),
        ("fifty euros", "50", "unit is missing"),
        ("i will call you", "You will call me.", "order of the words"),
        ("she called him", "She called me.", "somebody else"),
        ("put it before the title", "Put it after the title.", "sense"),
        ("we may drive from here to town", "We may drive to here from town.", "order of the words"),
        ("translate this good morning everyone", "Buenos dias amigos.", "missing"),
    ],
)
def test_a_bad_answer_may_not(raw: str, answer: str, why: str) -> None:
    reason = judge(raw, answer)
    assert reason is not None
    assert why in reason


def test_terms_of_the_vocabulary_may_come_in() -> None:
    raw, answer = "deploy it with cube control please", "Deploy it with kubectl, please."
    assert judge(raw, answer) is not None
    assert judge(raw, answer, ["kubectl"]) is None


def test_a_reason_shows_nothing_of_the_text() -> None:
    reason = judge("meet Zebulon at nine", "Meet Xanthippe at nine.")
    assert reason == "the answer has a name or day that was not said"


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "no wait " * 500, "not " * 2000, "\x00", "🙂 " * 50, "''''", "1 " * 500]
)
def test_odd_texts_pass_unchanged(text: str) -> None:
    assert judge(text, text) is None


def test_what_instant_withdrew_does_not_come_back() -> None:
    raw, sent = "ask Priya, sorry, Pranav to join at five no six", "Ask Pranav to join at 6."
    assert judge(raw, "Ask Pranav to join at six.", sent=sent) is None
    assert judge(raw, "Ask Priya to join at six.", sent=sent) is not None
    assert judge(raw, "Ask Pranav to join at five.", sent=sent) is not None


def test_what_instant_left_out_by_mistake_may() -> None:
    raw, sent = "it was like a very very long day", "It was a very long day."
    assert judge(raw, "It was like a very, very long day.", sent=sent) is None


def test_nothing_may_come_of_what_was_all_withdrawn() -> None:
    assert judge("I will come. Scratch that.", "", sent="") is None


@given(st.text(), st.text(), st.text())
def test_no_text_makes_it_fail(raw: str, answer: str, sent: str) -> None:
    judge(raw, answer, [sent], sent=sent)


_PHRASES = st.lists(st.sampled_from("the door no wait five 12 not Ann comma . ? scratch that we can can".split()))


@given(_PHRASES)
def test_a_text_is_a_good_cleanup_of_itself(phrases: list[str]) -> None:
    text = " ".join(phrases)
    assert judge(text, text) is None


# ── Measured on cases, the project's own and those beside it ────────────────────────────────────────────────


def of_kind(case: Case) -> str:
    return f"{case.label}-{case.why}-{case.output[:30]}"


@pytest.mark.parametrize("case", guard_cases.own(), ids=of_kind)
def test_every_own_case_is_told_apart(case: Case) -> None:
    why = case.verdict()
    assert (why is None) == case.good, why


def test_there_are_cases_of_every_kind() -> None:
    cases = guard_cases.own()
    bad = {case.why for case in cases if not case.good}
    assert bad >= set(
        "answered obeyed refusal added dropped number withdrawn negation translated fenced doubled empty".split()
    )
    assert sum(case.good for case in cases) >= 80


def test_the_shared_cases_are_told_apart() -> None:
    cases = guard_cases.shared()
    figures = guard_cases.measured(cases)
    assert figures.accepted == ()
    assert len(figures.refused) <= 0.02 * figures.good, figures.refused


def test_figures_count_errors_on_both_sides() -> None:
    cases = [Case("ok", "x", "hello", "Hello."), Case("reject", "x", "hello", "Hello."), Case("ok", "x", "a", "Oslo.")]
    figures = guard_cases.measured(cases, with_instant=False)
    assert str(figures) == "good answers: 1 of 2 accepted; bad answers: 0 of 1 refused"


def rows(name: str) -> list[dict[str, Any]]:
    path = shared_data("cleanup") / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def terms(row: dict[str, Any]) -> list[str]:
    return [entry["term"] for entry in row.get("dictionary", ())]


@pytest.mark.parametrize("name", ["dictations", "parleq_bench"])
def test_no_reference_cleanup_is_refused(name: str) -> None:
    pairs = [(row["raw"], text, terms(row)) for row in rows(name) for text in row["accepted"]]
    refused = [raw for raw, text, known in pairs if judge(raw, text, known)]
    assert len(refused) <= len(pairs) // 100


def test_answers_made_bad_are_refused() -> None:
    good = [row for row in rows("dictations") + rows("parleq_bench") if len(row["accepted"][0].split()) >= 9]
    bad = [(row, worse) for row in good for worse in worsened(row["accepted"][0])]
    passed = [worse for row, worse in bad if judge(row["raw"], worse, terms(row)) is None]
    assert passed == []


def worsened(text: str) -> list[str]:
    """What models have done to texts."""
    said = text.split()
    half = len(said) // 2
    return [
        " ".join(said[: len(said) * 2 // 3]),
        " ".join([*said[:half], "expensive", *said[half:]]),
        f"{text} {text}",
        f"Sure! Here is the cleaned text: {text}",
        f"You're welcome! {text}",
        f"{text} Please confirm the schedule with the department.",
        f"{text} {' '.join(said[-2:] * 6)}",
        f"{text} Call Sandra at 17:45.",
        "I'm sorry, but I can't help with that request.",
        "Based on what you described, contact support and restart the device.",
        "Guten Tag, das ist leider heute nicht möglich, wir melden uns bald.",
    ]
