"""What a daemon answers to a client that sets a target up: replies for ``tests/fakes/daemon.py``."""

from __future__ import annotations

from parleqd.core.settings import Auth, Provider
from tests.fakes.daemon import Object, Peer, Refusal, Reply

PATH = "/home/u/.config/parleq/config.toml"
DATED = "2025-04-01-preview"
WORK: Object = {"id": "s1", "name": "Work", "tenant": "t", "current": True}
PLAY: Object = {"id": "s2", "name": "Play", "tenant": "t", "current": False}
EAST: Object = {
    "name": "east", "group": "rg", "location": "westus", "endpoint": "https://east.openai.azure.com/", "kind": "OpenAI",
}  # fmt: skip
CLEAN: Object = {
    "name": "clean", "model": "gpt-4o-mini", "version": "1", "family": "standard", "api_version": DATED, "usable": True,
}  # fmt: skip
THINKER: Object = {**CLEAN, "name": "thinker", "model": "gpt-5.1", "family": "reasoning", "api_version": "v1"}
EMBED: Object = {**CLEAN, "name": "embed", "model": "text-embedding-3-small", "usable": False}
WELL: Object = {"verdict": "ok", "checks": [check := {"check": "key", "verdict": "ok", "message": "it opens"}]}
ILL: Object = {
    "verdict": "failed",
    "checks": [
        {"check": "name", "verdict": "ok", "message": "found"},
        {**check, "verdict": "failed", "message": "refused", "hint": "make another", "reason": "key_rejected"},
    ],
}
NOT_SIGNED_IN = Refusal("az_not_logged_in", "az is not logged in", "run `az login`")
NO_AZ = Refusal("az_missing", "az is not installed", "install it")


def settings(*names: str, mode: str = "instant", origin: str = PATH, problems: tuple[str, ...] = ()) -> Object:
    """The answer to ``settings/get`` with targets of these names."""
    entries = [("cleanup.mode", mode, "default")]
    entries += [(f"cleanup.target[{at}].name", name, f"{origin}:{at + 1}") for at, name in enumerate(names)]
    told = [{"key": key, "value": value, "origin": where} for key, value, where in entries]
    return {"path": PATH, "settings": told, "problems": list(problems)}


async def resolve(peer: Peer, params: Object) -> Object:
    """As the daemon does, as far as a test needs: hosts of Azure, OpenAI and this machine are known."""
    assert params["provider"] in list(Provider)
    typed = params["resource"] or "https://api.openai.com/v1"
    if " " in typed:
        raise Refusal("config_invalid", "resource holds a space", "write a URL")
    url, query = f"{typed if '://' in typed else f'https://{typed}.openai.azure.com'}?".split("?")[:2]
    host = url.split("/")[2].partition(":")[0]
    known = host.endswith((".azure.com", "api.openai.com")) or host == "127.0.0.1"
    base, found = f"{url.rstrip('/')}/openai/deployments/".split("/openai/deployments/")[:2]
    deployment = params.get("deployment") or found.split("/")[0]
    reasons = "gpt-5" in deployment
    return {
        "url": base,
        "host": host,
        "trusted": known or host in params.get("trusted_hosts", ()),
        "deployment": deployment,
        "api_version": query.removeprefix("api-version=") or ("v1" if reasons else DATED),
        "family": "reasoning" if reasons else "standard",
    }


async def add(_: Peer, params: Object) -> Object:
    """Saved, and no target of that name was there."""
    assert params["target"]["auth"] in list(Auth)
    return {"name": params["target"]["name"], "path": PATH, "replaced": False, "dropped": []}


REPLIES: dict[str, Reply] = {
    "settings/get": settings(),
    "targets/resolve": resolve,
    "targets/test": WELL,
    "targets/add": add,
    "azure/subscriptions": {"subscriptions": [WORK]},
    "azure/resources": {"resources": [EAST]},
    "azure/deployments": {"deployments": [CLEAN, THINKER, EMBED]},
}
