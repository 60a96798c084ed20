"""The speech worker as a program: the command socket is there and answers before anything heavy is imported."""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from parleqd.core.speech.devices import Computing
from parleqd.core.speech.messages import Load
from parleqd.core.speech.server import server_of
from parleqd.speech_worker.link import Link
from parleqd.speech_worker.process import end_with_parent, prints_to_stderr, report_what_ends_it

if TYPE_CHECKING:
    from parleqd.speech_worker.worker import LoadedModel

_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",  # a model is a folder: nothing is looked up, nothing fetched
    "OPENBLAS_NUM_THREADS": "1",  # numpy does little here, and each of its threads holds memory
}


def main(arguments: Sequence[str]) -> int:
    """Serve the socket with the descriptor ``--fd`` until its other end is closed."""
    parser = argparse.ArgumentParser(prog="parleqd.speech_worker", description="The daemon starts this program.")
    parser.add_argument("--fd", type=int, required=True, help="the command socket, inherited from the daemon")
    descriptor: int = parser.parse_args(arguments).fd
    end_with_parent()
    prints_to_stderr()
    report_what_ends_it()
    os.environ.update(_ENVIRONMENT)
    link = Link(socket.socket(fileno=descriptor))
    link.start()
    _work(link)
    return 0


def _work(link: Link) -> None:
    from parleqd.speech_worker.worker import Worker

    Worker(link, _model).run()


def _model(load: Load) -> LoadedModel:
    from parleqd.speech_worker.model import SpeechModel

    def own() -> LoadedModel:
        return SpeechModel(Path(load.path), Computing(load.device, load.compute_type, load.threads))

    if not load.server:
        return own()
    from parleqd.speech_worker.served.model import Asker, ServedModel

    return ServedModel(Asker(server_of(load.server), load.server_model), own if load.path else None)
