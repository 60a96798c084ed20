"""Settings of somebody who has two cleanup targets, for tests of what a policy leaves of them."""

from __future__ import annotations

TWO_TARGETS = """[history]
keep = 50
[cleanup]
mode = "polished"
[[cleanup.target]]
name = "one"
resource = "one-openai"
deployment = "mini"
auth = "api-key"
[[cleanup.target]]
name = "two"
resource = "two-openai"
deployment = "mini"
"""
