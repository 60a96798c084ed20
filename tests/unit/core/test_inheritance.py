from __future__ import annotations

import pytest

from parleqd.core.inheritance import without_model_keys, without_secrets

HARMLESS = {
    "PATH": "/bin",
    "HOME": "/home/u",
    "LC_ALL": "C",
    "PARLEQ_SOCKET": "/s",
    "AZURE_CONFIG_DIR": "/az",
    "AZURE_CLIENT_ID": "c",
    "KEYTABLE": "us",
    "TERM_PASSTHROUGH": "1",
    "GNOME_KEYRING_CONTROL": "/k",
    "SSH_AUTH_SOCK": "/a",
    "TOKENIZERS_PARALLELISM": "false",
    "PWD": "/home/u",
    "HTTPS_PROXY": "http://proxy.test:8080",
}


@pytest.mark.parametrize(
    "name",
    [
        *("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY", "OPENAI_API_KEY", "AZURE_CLIENT_SECRET", "HF_TOKEN"),
        *(
            "AWS_SECRET_ACCESS_KEY",
            "GITHUB_TOKEN",
            "MY_PASSWORD",
            "openai_api_key",
            "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        ),
        *("PGPASSWORD", "MYSQL_PWD", "AZURE_STORAGE_CONNECTION_STRING", "AWS_CREDENTIALS", "PYPI_TOKENS", "MYAPIKEY"),
        *("AZURE_OPENAI_KEY1", "OPENAI_API_KEYS", "SMTP_PASS", "CLIENT_SECRET2"),
    ],
)
def test_what_is_named_as_a_secret_is_not_handed_on(name: str) -> None:
    assert without_secrets({**HARMLESS, name: "canary"}) == HARMLESS
    assert without_secrets({**HARMLESS, name: "canary"}, but=[name]) == {**HARMLESS, name: "canary"}


def test_an_address_that_holds_a_password_is_not_handed_on() -> None:
    for address in ("http://user:canary@proxy.test:8080", "postgres://:canary@db.test/x"):
        assert without_secrets({**HARMLESS, "ALL_PROXY": address}) == HARMLESS
        assert without_secrets({"ALL_PROXY": address}, but=["ALL_PROXY"]) == {"ALL_PROXY": address}


def test_az_keeps_its_own_secrets_and_gets_no_models() -> None:
    own = {**HARMLESS, "AZURE_CLIENT_SECRET": "s", "IDENTITY_HEADER": "h", "AZURE_OPENAI_ENDPOINT": "https://e"}
    keys = {"AZURE_OPENAI_API_KEY": "canary", "AZURE_OPENAI_KEY": "canary", "OPENAI_API_KEY": "canary"}
    keys |= {"AZURE_OPENAI_KEY1": "canary", "OPENAI_API_KEYS": "canary"}
    assert without_model_keys({**own, **keys}) == own
