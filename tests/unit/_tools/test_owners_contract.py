from __future__ import annotations

import pytest
from grimp import ImportGraph
from importlinter import ContractCheck

from parleqd._tools.owners_contract import OwnersContract


def check(owners: list[str], imports: dict[str, str], exempt: tuple[str, ...] = ()) -> ContractCheck:
    """Run the contract over a graph of the given importer → imported pairs."""
    graph = ImportGraph()
    for importer, imported in imports.items():
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="import")
    contract = OwnersContract(
        name="owners",
        session_options={"root_packages": ["app"]},
        contract_options={"owners": owners, "exempt": list(exempt)},
    )
    return contract.check(graph, verbose=False)


def test_an_owner_and_what_lies_inside_it_may_import_the_library() -> None:
    assert check(["numpy: app.worker, app.lab"], {"app.worker.decode": "numpy", "app.lab": "numpy"}).kept


def test_a_stranger_is_named_with_the_owners() -> None:
    broken = check(["numpy: app.worker"], {"app.core": "numpy"})
    assert broken.metadata["strangers"] == ["app.core imports numpy; only app.worker may"]


def test_a_package_whose_name_begins_alike_is_no_owner() -> None:
    assert not check(["numpy: app.worker"], {"app.worker_pool": "numpy"}).kept


def test_a_library_that_nobody_owns_may_not_be_imported_at_all() -> None:
    broken = check([], {"app.core": "requests"})
    assert broken.metadata["strangers"] == ["app.core imports requests; it has no owner in pyproject.toml"]


def test_the_standard_library_is_free_unless_a_line_names_it() -> None:
    assert check([], {"app.core": "json"}).kept
    assert not check(["tomllib: app.config"], {"app.core": "tomllib"}).kept


def test_imports_inside_the_project_are_no_business_of_this_contract() -> None:
    assert check([], {"app.core": "app.worker"}).kept


def test_an_exempt_package_may_import_anything() -> None:
    assert check([], {"app._tools.bench": "psutil"}, exempt=("app._tools",)).kept


@pytest.mark.parametrize("line", ["numpy", "numpy:", ": app.worker"])
def test_a_line_without_library_or_owner_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="should read 'library: package, package'"):
        check([line], {})
