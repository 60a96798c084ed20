"""Stage: tidy the white space between words; the only stage that needs to know no language."""

from __future__ import annotations

from parleqd.core.text.tokens import Change, Tokens

_BLANKS = frozenset(" \t\xa0")


def find(tokens: Tokens) -> list[Change]:
    """No blanks at either end of the text, one blank where there were several.

    Line breaks and what indents the line behind one stay as they are: text handed in may be code or verse.
    """
    changes = []
    for index, token in enumerate(tokens):
        gap = token.gap
        if not gap or (gap == " " and index > 0 and token.text):
            continue
        at_an_end = index == 0 or not token.text
        if at_an_end and _BLANKS.issuperset(gap):
            changes.append(Change(index, index + 1, (token.with_gap(""),)))
        elif not at_an_end and not gap.strip(" "):
            changes.append(Change(index, index + 1, (token.with_gap(" "),)))
    return changes
