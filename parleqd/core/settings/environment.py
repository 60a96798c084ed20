"""What the environment adds: a cleanup target from the usual Azure OpenAI or OpenAI variables.

Only when the file defines no target. The keys themselves are never copied into the settings: a target with
``auth = "api-key"`` reads its key when it is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

import msgspec

from parleqd.core.settings.parse import Problem
from parleqd.core.settings.sections import Auth, Provider
from parleqd.core.settings.table import TARGET

_OPENAI_MODEL = "gpt-4o-mini"
# What a URL of one deployment names; `core.polish.resource` reads the rest of it.
_SERVICE = r"[^?#]*?[^/?#]/openai/"
_DEPLOYMENT_IN = re.compile(_SERVICE + r"deployments/([^/?#]+)", re.IGNORECASE)
_V1_IN = re.compile(_SERVICE + r"v1(?![^/?#])", re.IGNORECASE)
_VERSION_IN = re.compile(
    _SERVICE + r"[^?#]*\?(?:[^#]*&)?api-version=(\d{4}-\d\d-\d\d(?:-preview)?)(?![^&#])", re.IGNORECASE
)


class Merged(msgspec.Struct, frozen=True):
    """The tree in effect, and the variable behind each key that the environment set.

    ``problems``: what keeps variables from making a target; ``origins`` has the variable of each here too.
    """

    tree: Mapping[str, object]
    origins: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def merge(file_tree: Mapping[str, object], environment: Mapping[str, str]) -> Merged:
    """The file's tree, completed from the environment. The file always wins."""
    cleanup = file_tree.get("cleanup", {})
    if not isinstance(cleanup, Mapping) or TARGET in cleanup:
        return Merged(file_tree, {})
    targets: list[dict[str, object]] = []
    origins, problems = _missing(environment)
    for target in (_azure(environment), _openai(environment)):
        if target:
            place = f"cleanup.{TARGET}[{len(targets)}]"
            origins |= {f"{place}.{key}": variable for key, (_, variable) in target.items()}
            targets.append({key: value for key, (value, _) in target.items()})
    if not targets:
        return Merged(file_tree, origins, problems)
    return Merged({**file_tree, "cleanup": {**cleanup, TARGET: targets}}, origins, problems)


def _missing(environment: Mapping[str, str]) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """What Azure's variables leave open. A key alone is no half target: it serves a target of the file as well."""
    have, lack = "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_DEPLOYMENT"
    if not environment.get(have):
        have, lack = lack, have
    if not environment.get(have) or _azure(environment):
        return {}, ()
    key = f"cleanup.{TARGET}"
    message = f"makes no target without {'a deployment' if lack.endswith('DEPLOYMENT') else 'an endpoint'}"
    return {key: have}, (Problem(key, message, f"set {lack} too, or unset {have}; `parleqctl setup` asks for both"),)


_Found = dict[str, tuple[str, str]]
"""Key → value and the variable that it comes from."""


def _azure(environment: Mapping[str, str]) -> _Found:
    """Needs an endpoint and a deployment, which a pasted URL names; without a key it signs in with the Azure CLI."""
    endpoint = environment.get("AZURE_OPENAI_ENDPOINT", "")
    deployment = _said(environment, "AZURE_OPENAI_DEPLOYMENT", _deployment_in(endpoint))
    version = _said(environment, "AZURE_OPENAI_API_VERSION", _version_in(endpoint))
    if not endpoint or not deployment[0]:
        return {}
    key = next((n for n in ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY") if environment.get(n)), None)
    found = {
        "name": ("azure", "AZURE_OPENAI_ENDPOINT"),
        "provider": (Provider.AZURE_OPENAI.value, "AZURE_OPENAI_ENDPOINT"),
        "resource": (endpoint, "AZURE_OPENAI_ENDPOINT"),
        "deployment": deployment,
        "auth": (Auth.API_KEY.value, key) if key else (Auth.AZURE_CLI.value, "AZURE_OPENAI_ENDPOINT"),
    }
    return found | ({"api_version": version} if version[0] else {})


def _said(environment: Mapping[str, str], variable: str, in_url: str) -> tuple[str, str]:
    """The variable's value goes before what the endpoint's URL names."""
    said = environment.get(variable)
    return (said, variable) if said else (in_url, "AZURE_OPENAI_ENDPOINT")


def _deployment_in(url: str) -> str:
    found = _DEPLOYMENT_IN.match(url)
    return unquote(found[1]) if found else ""


def _version_in(url: str) -> str:
    if _V1_IN.match(url):
        return "v1"
    found = _VERSION_IN.match(url)
    return found[1] if found else ""


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
