"""What the environment adds: a cleanup target from the usual Azure OpenAI or OpenAI variables.

Only when the file defines no target. The keys themselves are never copied into the settings: a target with
``auth = "api-key"`` reads its key when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from parleqd.core.settings.sections import Auth, Provider
from parleqd.core.settings.table import TARGET

_OPENAI_MODEL = "gpt-4o-mini"


class Merged(msgspec.Struct, frozen=True):
    """The tree in effect, and the variable behind each key that the environment set."""

    tree: Mapping[str, object]
    origins: Mapping[str, str]


def merge(file_tree: Mapping[str, object], environment: Mapping[str, str]) -> Merged:
    """The file's tree, completed from the environment. The file always wins."""
    cleanup = file_tree.get("cleanup", {})
    if not isinstance(cleanup, Mapping) or TARGET in cleanup:
        return Merged(file_tree, {})
    targets: list[dict[str, object]] = []
    origins: dict[str, str] = {}
    for target in (_azure(environment), _openai(environment)):
        if target:
            place = f"cleanup.{TARGET}[{len(targets)}]"
            origins |= {f"{place}.{key}": variable for key, (_, variable) in target.items()}
            targets.append({key: value for key, (value, _) in target.items()})
    if not targets:
        return Merged(file_tree, {})
    return Merged({**file_tree, "cleanup": {**cleanup, TARGET: targets}}, origins)


_Found = dict[str, tuple[str, str]]
"""Key → value and the variable that it comes from."""


def _azure(environment: Mapping[str, str]) -> _Found:
    """Needs an endpoint and a deployment; without a key the target signs in with the Azure CLI."""
    endpoint = environment.get("AZURE_OPENAI_ENDPOINT")
    deployment = environment.get("AZURE_OPENAI_DEPLOYMENT")
    if not endpoint or not deployment:
        return {}
    key = next((n for n in ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY") if environment.get(n)), None)
    found = {
        "name": ("azure", "AZURE_OPENAI_ENDPOINT"),
        "provider": (Provider.AZURE_OPENAI.value, "AZURE_OPENAI_ENDPOINT"),
        "resource": (endpoint, "AZURE_OPENAI_ENDPOINT"),
        "deployment": (deployment, "AZURE_OPENAI_DEPLOYMENT"),
        "auth": (Auth.API_KEY.value, key) if key else (Auth.AZURE_CLI.value, "AZURE_OPENAI_ENDPOINT"),
    }
    if version := environment.get("AZURE_OPENAI_API_VERSION"):
        found["api_version"] = (version, "AZURE_OPENAI_API_VERSION")
    return found


def _openai(environment: Mapping[str, str]) -> _Found:
    """Needs a key; the address and the model have OpenAI's own as defaults."""
    if not environment.get("OPENAI_API_KEY"):
        return {}
    found = {
        "name": ("openai", "OPENAI_API_KEY"),
        "provider": (Provider.OPENAI.value, "OPENAI_API_KEY"),
        "auth": (Auth.API_KEY.value, "OPENAI_API_KEY"),
        "deployment": (_OPENAI_MODEL, "OPENAI_API_KEY"),
    }
    if model := environment.get("OPENAI_MODEL"):
        found["deployment"] = (model, "OPENAI_MODEL")
    if address := environment.get("OPENAI_BASE_URL"):
        found["resource"] = (address, "OPENAI_BASE_URL")
    return found
