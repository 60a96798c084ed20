from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools import module_map


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_packages_stand_before_their_modules_and_sub_packages_after_them(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "parleqd/__init__.py": '"""The whole."""',
            "parleqd/zone.py": '"""A module.\n\nMore of it.\n"""',
            "parleqd/core/__init__.py": '"""A package."""',
            "parleqd/core/a.py": '"""One | two."""',
            "clients/parleq_client/__init__.py": '"""A client."""',
            "clients/parleqctl/__init__.py": '"""A command line."""',
            "clients/parleq_hotkey/__init__.py": '"""A key."""',
        },
    )
    assert module_map.module_map(tmp_path).splitlines()[2:] == [
        "| **`parleqd/`** | **The whole.** |",
        "| `parleqd/zone.py` | A module. |",
        "| **`parleqd/core/`** | **A package.** |",
        "| `parleqd/core/a.py` | One \\| two. |",
        "| **`clients/parleq_client/`** | **A client.** |",
        "| **`clients/parleqctl/`** | **A command line.** |",
        "| **`clients/parleq_hotkey/`** | **A key.** |",
    ]


def test_a_module_without_a_docstring_is_refused_by_name(tmp_path: Path) -> None:
    make(tmp_path, {"silent.py": "x = 1"})
    with pytest.raises(ValueError, match=r"silent\.py has no docstring"):
        module_map.first_line(tmp_path / "silent.py")
