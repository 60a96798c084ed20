"""From nothing to polished text: `parleqctl setup` with the real az, on an Azure of loopback, then `clean`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.e2e.azure import Azure, running_azure
from tests.e2e.programs import Daemon, eventually, result_of, running_daemon
from tests.peers.azure_resources import Account, Deployed

pytestmark = pytest.mark.timeout(180)  # `az` is a large program on a small machine

SAID, TEXT = "um so this is a test", "So this is a test."
KEY = "canary-of-the-key"
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


def test_from_nothing_to_polished_text(tmp_path: Path) -> None:
    with running_azure(tmp_path, TEXT) as azure:
        azure.install()
        azure.log_in()
        azure.authority.resources.accounts = [_account(azure)]
        with running_daemon(environment={**azure.environment, **NO_KEYRING}) as daemon:
            # With az; the first resource; the second deployment; version, family, name, mode and saving as proposed.
            done = daemon.ctl("setup", stdin=b"\n\n2\n\n\n\n\n\n")
            assert done.returncode == 0, done.stderr
            assert done.stdout == f"local is saved in {daemon.home / 'config.toml'}\n"
            assert "not ready yet: embed\n" in done.stderr
            assert _settings(daemon) == {
                "mode": "polished",
                "target": [
                    {
                        "name": "local",
                        "provider": "azure-openai",
                        "auth": "azure-cli",
                        "resource": azure.model.address,
                        "deployment": "thinker",
                        "api_version": "v1",
                        "family": "reasoning",
                    }
                ],
            }
            eventually(lambda: _cleaned(daemon) == ("polished", TEXT), "the text is polished")
            assert azure.bearers()
            assert set(azure.bearers()) <= set(azure.authority.issued)

            settings = _settings(daemon)
            done = daemon.ctl(*_with_key(azure), stdin=f"{KEY}\n".encode())
            assert done.returncode == 4
            assert "nothing was saved" in done.stderr
            assert "AZURE_OPENAI_API_KEY" in done.stderr
            assert _settings(daemon) == settings
            assert azure.model.seen[-1].headers["api-key"] == KEY  # the test came before the keyring
            assert KEY not in done.stdout + done.stderr + daemon.log


def _account(azure: Azure) -> Account:
    deployments = [
        Deployed("clean", "gpt-4o-mini", "2024-07-18"),
        Deployed("thinker", "gpt-5.1", "2025-11-13"),
        Deployed("embed", "text-embedding-3-small", capabilities={"embeddings": "true"}),
    ]
    return Account("my-openai", f"{azure.model.address}/", deployments=deployments)


def _with_key(azure: Azure) -> list[str]:
    where = ["--resource", azure.model.address, "--deployment", "clean", "--name", "second"]
    return ["setup", "--provider", "azure-openai", "--auth", "api-key", *where, "--key-from-stdin", "--yes"]


def _settings(daemon: Daemon) -> object:
    return tomllib.loads((daemon.home / "config.toml").read_text())["cleanup"]


def _cleaned(daemon: Daemon) -> tuple[str, str]:
    """By which mode, and to what."""
    result = result_of(daemon.ctl("clean", "--mode", "polished", "--json", SAID))
    return result["mode"]["used"], result["text"]
