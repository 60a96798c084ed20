from __future__ import annotations

import pytest

from parleqd.app.config_keys import check_key
from parleqd.core.errors import ConfigError
from parleqd.core.settings import Settings, flatten


@pytest.mark.parametrize("key", [*(key for key, _ in flatten(Settings())), "cleanup.target[12].weight", "app[3].mode"])
def test_every_setting_that_is_shown_can_be_set(key: str) -> None:
    check_key(key)


@pytest.mark.parametrize("key", ["cleanup", "cleanup.target", "cleanup.target[3]", "history", "app", "app[1]"])
def test_a_section_cannot(key: str) -> None:
    with pytest.raises(ConfigError, match="is a section, not a setting") as error:
        check_key(key)
    assert f"{key}" in error.value.hint


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("speech.modle", "did you mean speech.model?"),
        ("cleanup.target[2].wieght", "did you mean cleanup.target[2].weight?"),
        ("app[2].mod", "did you mean app[2].mode?"),
        ("history.keep.x", "did you mean history.keep?"),
        ("cleanup.target[x].weight", "did you mean"),
        ("", "`parleqctl config show`"),
        ("zzz", "`parleqctl config show`"),
    ],
)
def test_what_is_none_is_refused_with_what_was_meant(key: str, meant: str) -> None:
    with pytest.raises(ConfigError, match="there is no setting") as error:
        check_key(key)
    assert error.value.hint.startswith(meant)
