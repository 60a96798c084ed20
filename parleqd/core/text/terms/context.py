"""Do words that may be ordinary ones stand here like the name of a tool or a format?

English alone tells it: a word in the place of a verb or an adjective is no name, and a bare noun between "use" or
"hosted on" and the end of the clause, or before "file" or "server", most often is. Where nothing shows, it is not.
"""

from __future__ import annotations

from parleqd.core.text.lexicon import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    DETERMINERS,
    OBJECTS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    words,
)
from parleqd.core.text.terms.everyday import QUALITIES
from parleqd.core.text.tokens import Tokens, key_at

_SOFTWARE_NOUNS = words(
    "code script scripts module modules package packages library api apis app application applications apps backend "
    "bot bots cache channel channels cli cluster clusters config configs container containers credential credentials "
    "dashboard dashboards database databases deployment docs editor endpoint endpoints integration login logs parser "
    "payload payloads plugin plugins pod pods queries query registry repo repos repositories repository runtime "
    "scanner scanners schema schemas sdk server servers syntax url vm website workflow workflows workspace workspaces "
    "compiler interpreter console debugger linter sheet sheets spreadsheet spreadsheets doc notification notifications "
    "developer developers codebase crate crates gem gems binary binaries integrations toolkit shell ide"
)
"""What only software has. A word before one of these says whose it is, or in what it is written."""
_TOOL_NOUNS = _SOFTWARE_NOUNS | words(
    "account accounts agent agents array arrays backup backups body bucket buckets build builds chart charts client "
    "clients command commands configuration connection connector data document documentation documents driver drivers "
    "engine export extension extensions field fields file files format formats framework gateway image images index "
    "instance instances job jobs layer license licence link manifest meeting meetings model models node nodes object "
    "objects output page pages pipeline pipelines platform portal project projects queue report reports request "
    "requests response responses service services session settings site spec string strings subscription table tables "
    "template templates tenant terminal thread threads token tokens tool tools tutorial version window board calendar "
    "call calls chat class classes function functions invite method methods program programming programs setup test "
    "tests ticket tickets"
)
"""What software has, and others too: "a swift response"."""
_USES = words(
    "use uses using used install installs installing installed reinstall uninstall deploy deploys deploying via "
    "configure configuring configured upgrade upgrading upgraded integrate enable"
)
_PLACED = words(
    "hosted hosting host deployed deploy deploying runs running run built build building written write rewrite "
    "rewritten writing coded posted post posting shared share sharing published publish pushed push stored store "
    "storing uploaded upload logged log migrate migrated migrating moved switch switched switching ported converted "
    "convert serialised serialized encoded formatted exported export imported import powered implemented"
)
_PLACES = words("on in with to from into by through as over inside")
_AFTER_NAMES = (
    PREPOSITIONS
    | COORDINATORS
    | SUBORDINATORS
    | AUXILIARIES
    | BE
    | QUESTION_WORDS
    | words("today tomorrow yesterday now instead again also first already later directly please")
) - {"of"}
_MODALS = AUXILIARIES - BE - words("has have had")
_VERB_FOLLOWS = SUBJECTS | _MODALS | words("to let's please")
_FURTHEST_VERB = 3


def is_tool(tokens: Tokens, first: int, last: int) -> bool:
    """Whether ``tokens[first:last]`` stand like the name of something that is used."""
    before = key_at(tokens, first - 1)
    if _has_tool_noun(tokens, last):
        describes = tokens[last - 1].key in QUALITIES and tokens[last].key not in _SOFTWARE_NOUNS
        return before not in _VERB_FOLLOWS and not describes
    return _ends(tokens, last) and (before in _USES or (before in _PLACES and _is_placed(tokens, first - 1)))


def is_thing(tokens: Tokens, first: int, last: int) -> bool:
    """Whether what else is a person's name is a thing's: "the jason file", not "ask Jason from accounting"."""
    before = key_at(tokens, first - 1)
    return (before in DETERMINERS or before in _PLACES or before in _USES) and _has_tool_noun(tokens, last)


def is_verb(tokens: Tokens, first: int, last: int) -> bool:
    """Whether ``tokens[first:last]`` may be a verb with its subject before, or its object behind: "I see sharp …"."""
    return key_at(tokens, first - 1) in _VERB_FOLLOWS - {"to", "please"} or key_at(tokens, last) in OBJECTS - {"her"}


def is_one_of_many(tokens: Tokens, first: int, last: int) -> bool:
    """Whether an article or the like makes the words a common noun: "a time machine"; not "a time machine backup"."""
    common = DETERMINERS - {"the"}
    return (key_at(tokens, first - 1) in common or key_at(tokens, last) == "of") and not _has_tool_noun(tokens, last)


def _has_tool_noun(tokens: Tokens, index: int) -> bool:
    """Whether the word at ``index`` is such a noun, and no verb with its object: "go file a report"."""
    if key_at(tokens, index) not in _TOOL_NOUNS or "\n" in tokens[index].gap:
        return False
    behind = key_at(tokens, index + 1)
    return behind not in DETERMINERS - {"that", "this"} and behind not in OBJECTS | POSSESSIVES


def _ends(tokens: Tokens, index: int) -> bool:
    """Whether the noun phrase ends before ``index``, so that the word there stands bare."""
    if index >= len(tokens) or not tokens[index].is_word or "\n" in tokens[index].gap:
        return True
    return tokens[index].key in _AFTER_NAMES


def _is_placed(tokens: Tokens, index: int) -> bool:
    """Whether a verb of putting or running something somewhere stands shortly before the preposition at ``index``."""
    for place in range(index - 1, max(index - 1 - _FURTHEST_VERB, -1), -1):
        if not tokens[place].is_word:
            return False
        if tokens[place].key in _PLACED:
            return True
    return False
