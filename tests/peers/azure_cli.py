"""The real ``az`` of .parts/az, signed in at an emulated authority, in a configuration folder of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import anyio

from tests.peers.azure_authority import TENANT, Authority
from tests.peers.certificates import Certificates


class AzureCli:
    """``program``: the real ``az``. ``environment``: with which it knows the authority and nothing else."""

    def __init__(self, program: Path, folder: Path, authority: Authority, certificates: Certificates) -> None:
        self.program = program
        self.folder = folder
        self.environment: Mapping[str, str] = {
            "PATH": f"{program.parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "AZURE_CONFIG_DIR": str(folder / "az"),
            "AZURE_CORE_COLLECT_TELEMETRY": "0",
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",  # else it asks the public authority whether it knows this host
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
            "AZURE_CLOUD_NAME": "Emulated",
            "REQUESTS_CA_BUNDLE": str(certificates.authority),
        }
        self._base = authority.base

    async def register(self) -> None:
        """Tell ``az`` of the cloud that the authority serves; before anything else."""
        base = self._base
        await self("cloud", "register", "--name", "Emulated", "--skip-endpoint-discovery",
                   "--endpoint-active-directory", base, "--endpoint-active-directory-resource-id", f"{base}/arm",
                   "--endpoint-resource-manager", base, "--endpoint-management", f"{base}/mgmt",
                   "--endpoint-active-directory-graph-resource-id", f"{base}/graph",
                   "--endpoint-microsoft-graph-resource-id", f"{base}/graph", cloud="AzureCloud")  # fmt: skip

    async def log_in(self) -> None:
        """As a user, by device code."""
        await self("login", "--use-device-code", "--tenant", TENANT)

    async def log_in_as_service(self, client: str, secret: str) -> None:
        """As a service principal."""
        await self("login", "--service-principal", "--username", client, "--password", secret, "--tenant", TENANT)

    async def log_out(self) -> None:
        """Forget who was signed in."""
        await self("logout")

    async def forget_refusals(self) -> None:
        """``az`` replays a refusal for a minute; make it ask again."""
        await anyio.Path(self.folder / "az" / "msal_http_cache.bin").unlink(missing_ok=True)

    async def __call__(self, *arguments: str, cloud: str = "Emulated") -> None:
        done = await anyio.run_process(
            [str(self.program), *arguments, "--output", "none"],
            stdin=subprocess.DEVNULL,
            env={**self.environment, "AZURE_CLOUD_NAME": cloud},
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
