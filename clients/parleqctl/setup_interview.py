"""What makes a cleanup target, asked for one after the other; options answer before anybody is asked.

The daemon reads addresses and knows models (``targets/resolve``): here nothing is known of either.
"""

from __future__ import annotations

from parleq_client import LocalError, RefusedError
from parleqctl.parser import UsageError
from parleqctl.setup_azure import Azure
from parleqctl.text_input import line_of
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from parleqctl.invocation import Invocation
    from parleqctl.questions import Questions

PROVIDERS = ("azure-openai", "openai", "openai-compatible")
FAMILIES = ("standard", "reasoning")
AUTHS = ("api-key", "azure-cli", "token", "client-secret", "managed-identity", "workload-identity")
_SECRETS = {"api-key": "Key", "token": "Access token", "client-secret": "Client secret"}
_AZURE, _OPENAI, _OTHER = PROVIDERS
_WITH_AZ = f"{_AZURE} azure-cli"
_WITH_KEY = f"{_AZURE} api-key"


class Interview:
    """``names``: those of the targets there are. ``target`` and ``secret`` are the last answers, the defaults when it
    asks again.
    """

    def __init__(self, invocation: Invocation, questions: Questions, names: Sequence[str]) -> None:
        self.target: dict[str, Any] = {}
        self.secret: str | None = None
        self._invocation = invocation
        self._questions = questions
        self._names = names
        self._azure = Azure(invocation, questions)
        self._key_from_stdin: bool = invocation.arguments.key_from_stdin
        self._options = {
            name: getattr(invocation.arguments, name)
            for name in ("provider", "auth", "resource", "deployment", "api_version", "family", "name")
        }

    def hold(self) -> None:
        """Asks for everything. Raises UsageError for what cannot be asked, ClientError for what the daemon refuses."""
        arguments = self._invocation.arguments
        if self._key_from_stdin:  # before any question, whose answers are shown
            self.secret = (line_of(self._invocation.console) or "").strip()
            if not self.secret:
                raise UsageError("standard input holds no key, which --key-from-stdin takes from its first line", "")
        replaced = self._replaced()
        provider, auth = self._provider()
        self.target |= {"provider": provider, "auth": auth, "tenant": arguments.tenant}
        self.target["subscription"] = arguments.subscription
        endpoint, listed = self._listed() if auth == "azure-cli" and self._options["resource"] is None else (None, {})
        typed, known = self._address(provider, endpoint)
        self._model(provider, typed, known["deployment"], listed)
        self._secret(auth)
        self.target["name"] = replaced or self._options["name"] or self._name(known["host"])

    def forget_options(self) -> None:
        """From now on everything is asked, with the answers so far as the defaults."""
        self._options = dict.fromkeys(self._options)
        self._key_from_stdin = False

    def draft(self) -> dict[str, Any]:
        """The target without what was left out."""
        return {key: value for key, value in self.target.items() if value is not None}

    def _replaced(self) -> str | None:
        """The name of the target whose place this one takes; ``None`` for one more."""
        if self._options["name"] is not None or not self._names or not self._questions.can_ask:
            return None
        choices = [("*", "add another"), *((name, f"replace {name}") for name in self._names)]
        current = self.target.get("name")
        chosen = self._questions.choose("There is a target already.", "--name", choices, current)
        return None if chosen == "*" else chosen

    def _provider(self) -> tuple[str, str]:
        provider, auth = self._options["provider"], self._options["auth"]
        if provider is None and auth not in (None, "api-key"):
            provider = _AZURE
        if provider in (_OPENAI, _OTHER):
            return provider, auth or "api-key"
        if provider == _AZURE and auth is not None:
            found: tuple[str, str] = (provider, auth)
        else:
            found = self._chosen_provider(provider, auth)
        if found == (_AZURE, "azure-cli") and self._options["resource"] is None and not self._azure.sign_in():
            self._invocation.console.note("without az, the resource and the deployment are typed")
        return found

    def _chosen_provider(self, provider: str | None, auth: str | None) -> tuple[str, str]:
        choices = [(_WITH_KEY, "Azure OpenAI, with a key")]
        if auth is None:
            state = self._azure.state
            if state == "absent":
                self._invocation.console.note("az, the Azure CLI, was not found: without it, Azure takes a key")
            else:
                choices.insert(0, (_WITH_AZ, f"Azure OpenAI, signing in with az ({state})"))
        if provider is None:
            choices += [
                (f"{_OPENAI} api-key", "OpenAI, with a key"),
                (f"{_OTHER} api-key", "another server that speaks OpenAI's API"),
            ]
        if len(choices) == 1:
            return _AZURE, "api-key"
        earlier = f"{self.target.get('provider')} {self.target.get('auth')}"
        option = "--auth" if provider else "--provider"
        chosen, _, how = self._questions.choose(
            "Which model shall polish your text?", option, choices, earlier
        ).partition(" ")
        return chosen, how

    def _listed(self) -> tuple[str | None, dict[str, Any]]:
        """What was chosen from the lists: an endpoint, and of its deployment what there is to know."""
        if self._azure.state != "signed in":
            return None, {}
        arguments = self._invocation.arguments
        subscription = self._azure.subscription(arguments.subscription)
        if self._azure.several() and not arguments.tenant:
            self.target["subscription"] = subscription["id"]
        resource = self._azure.resource(subscription["id"])
        if resource is None:
            return None, {}
        chosen = self._azure.deployment(subscription["id"], resource, self._options["deployment"])
        if chosen is None:
            return resource["endpoint"], {}
        known = {"deployment": chosen["name"], "api_version": chosen["api_version"], "family": chosen["family"]}
        return resource["endpoint"], known

    def _address(self, provider: str, listed: str | None) -> tuple[str, dict[str, Any]]:
        """The resource as it was typed and as the daemon reads it, once a key may go there."""
        typed = listed or self._options["resource"]
        while True:
            asked = typed is None and provider != _OPENAI
            if typed is None:
                typed = self._questions.text(*_WHERE[provider], self.target.get("resource") or "") if asked else ""
            try:
                known = self._resolved(provider, typed)
                if self._may_hold_secret(provider, typed, known):
                    self.target["resource"] = known["url"] if typed else None
                    return typed, known
            except RefusedError as refused:
                if not (asked and self._questions.can_ask):
                    raise
                self._invocation.console.warning(refused.message, refused.reason, refused.hint)
            typed = None

    def _may_hold_secret(self, provider: str, typed: str, known: dict[str, Any]) -> bool:
        """Whether keys may go to that host: the daemon knows it, or the user says so, of this one, by its name."""
        confirmed = self._invocation.arguments.trust or self.target.get("trusted_hosts")
        self.target["trusted_hosts"] = None
        if known["trusted"]:
            return True
        host = known["host"]
        if confirmed and self._resolved(provider, typed, trusted_hosts=confirmed)["trusted"]:
            self.target["trusted_hosts"] = confirmed
            return True
        if not self._questions.can_ask:
            raise UsageError(f"{host} is neither Azure's nor OpenAI's; --trust {host} says that it may get the key", "")
        question = f"{host} is neither Azure's nor OpenAI's. Send your texts, and the key or token, there?"
        if self._questions.yes(question, f"--trust {host}", default=False):
            self.target["trusted_hosts"] = [host]
            return True
        if self._options["resource"] is not None:
            raise LocalError(Reason.CANCELLED, f"nothing is sent to {host}, and nothing was saved")
        return False

    def _resolved(self, provider: str, resource: str, **more: Any) -> dict[str, Any]:
        return self._invocation.ask("targets/resolve", provider=provider, resource=resource, **more)

    def _model(self, provider: str, typed: str, offered: str, listed: dict[str, Any]) -> None:
        """Deployment, version and family; what Azure or the daemon knows of the model is proposed.

        ``offered``: the deployment that a pasted URL names, "" for none. ``listed``: what was chosen from lists.
        """
        deployment = self._options["deployment"] or listed.get("deployment")
        if deployment is None:
            usual = "gpt-4o-mini" if provider == _OPENAI else ""
            word = "Deployment" if provider == _AZURE else "Model"
            deployment = self._questions.text(word, "--deployment", offered or self.target.get("deployment") or usual)
        known = {**self._resolved(provider, typed, deployment=deployment), **listed}
        version, family = self._options["api_version"], self._options["family"]
        if provider != _AZURE:
            version = None
        elif version is None:
            version = self._questions.text("API version", "--api-version", known["api_version"])
        if family is None:
            labels = ("standard, such as gpt-4o and gpt-4.1", "reasoning, such as gpt-5 and o4-mini")
            choices = list(zip(FAMILIES, labels, strict=True))
            family = self._questions.choose("Kind of model?", "--family", choices, known["family"], certain=True)
        self.target |= {"deployment": deployment, "api_version": version, "family": family}

    def _secret(self, auth: str) -> None:
        word = _SECRETS.get(auth)
        if word is None:
            self.secret = None
        elif not self._key_from_stdin:
            other = "as before" if self.secret else "the one in the keyring or in parleqd's environment"
            given = self._questions.secret(f"{word} (not shown; nothing: {other})", "--key-from-stdin")
            self.secret = given or self.secret

    def _name(self, host: str) -> str:
        taken = set(self._names)
        stem = self.target.get("name") or _name_of(host)
        proposed = next(
            name for number in range(1, 1000) if (name := f"{stem}-{number}" if number > 1 else stem) not in taken
        )
        while True:
            name = self._questions.text("Name of this target", "--name", proposed)
            if name not in taken or self._questions.yes(f"Replace {name}?", "--name", default=False):
                return name


_WHERE = {
    _AZURE: ("Resource: its name, its host, or a URL as the portal shows it", "--resource"),
    _OPENAI: ("URL of the API", "--resource"),
    _OTHER: ("URL of the server's API, such as http://127.0.0.1:8080/v1", "--resource"),
}


def _name_of(host: str) -> str:
    """A word of the host that tells it from others."""
    if host.endswith("api.openai.com"):
        return "openai"
    first = host.partition(".")[0]
    word = "".join(mark for mark in first if mark.isascii() and (mark.isalnum() or mark == "-")).strip("-")
    return "local" if not word or word.isdecimal() or host in ("localhost", "127.0.0.1") else word
