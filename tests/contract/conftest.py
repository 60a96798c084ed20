"""What several contract tests stand on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers.azure_authority import Authority
from tests.peers.azure_variables import variables, write_federated_token
from tests.peers.certificates import Certificates, issue

Environment = Callable[[Authority], dict[str, str]]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificates: Certificates) -> Environment:
    """Set what the libraries read, and give what the source is handed."""
    write_federated_token(tmp_path)

    def handed(authority: Authority) -> dict[str, str]:
        process, handed = variables(authority, certificates, tmp_path)
        for name, value in process.items():
            monkeypatch.setenv(name, value)
        return handed

    return handed
