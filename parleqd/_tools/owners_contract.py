"""An import-linter contract: every library has named owners, and nobody else imports it.

Where import-linter's own "protected" contract guards one package, this one is exhaustive: a third-party
library that stands in no line may not be imported at all, so a new dependency is a decision written down in
``pyproject.toml``. Settings: ``owners``, lines of the form ``library: package, package`` (several for one library add
up); ``exempt``, packages that are not checked. Standard-library modules are free unless a line names them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def _lies_in(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


class OwnersContract(Contract):
    """Kept when each library is imported by its owners only."""

    type_name = "owners"

    owners = fields.ListField(subfield=fields.StringField())
    exempt = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def validate(self) -> None:
        """Refuse a line without owners, so that a slip of the pen never opens a library to everybody."""
        for line in self._lines():
            library, _, packages = line.partition(":")
            if not library.strip() or not packages.strip():
                raise ValueError(f"owners: {line!r} should read 'library: package, package'")

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every direct import of a library with the table."""
        owners = self._owners()
        roots = set(self.session_options["root_packages"])
        libraries = {module for module in graph.modules if module.split(".")[0] not in roots}
        strangers = sorted(
            f"{importer} imports {library}; {_who_may(owners, library)}"
            for library in libraries
            if library in owners or library not in sys.stdlib_module_names
            for importer in graph.find_modules_that_directly_import(library)
            if not _lies_in(importer, (*owners.get(library, ()), *self._exempt()))
        )
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that has no right to be there."""
        for line in check.metadata["strangers"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()

    def _lines(self) -> list[str]:
        return cast("list[str]", self.owners)  # a Field on the class, a list on the instance

    def _exempt(self) -> list[str]:
        return cast("list[str]", self.exempt)

    def _owners(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for line in self._lines():
            library, _, packages = line.partition(":")
            table.setdefault(library.strip(), []).extend(package.strip() for package in packages.split(","))
        return table


def _who_may(owners: dict[str, list[str]], library: str) -> str:
    if library not in owners:
        return "it has no owner in pyproject.toml"
    return f"only {', '.join(owners[library])} may"
