"""Which proxy leads to a host: the system's settings (macOS) or HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."""

from __future__ import annotations

import ipaddress


def system_proxy(scheme: str, host: str, port: int) -> str:
    """The URL of the proxy to use, or "". Never one for this machine itself.

    Asks the system, which may ask the network: call it in a thread.
    """
    from urllib import request  # noqa: TID251 - asked for the proxies only, which no other module knows

    if is_loopback(host) or request.proxy_bypass(f"{host}:{port}"):
        return ""
    proxies = request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    """Is this name or address (without brackets) one of this machine's own (RFC 6761, 6.3)?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        name = host.rstrip(".").lower()
        return name == "localhost" or name.endswith(".localhost")
