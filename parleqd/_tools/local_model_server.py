"""llama.cpp's own HTTP server for one model, at the URL path of Azure OpenAI's v1 API.

Not run by our Python: the peer `local-model` has an environment of its own, which alone has the engine.

``python local_model_server.py WEIGHTS NAME THREADS`` says ``ready ADDRESS`` once it answers, on a free port of
loopback, and ends when its standard input does: with whoever started it, however that ended.
"""

from __future__ import annotations

import os
import sys

LONGEST_CONTEXT = 4096
"""Tokens: the fixed part of the request takes 600, and five minutes of speech about 1,000, twice."""


def serve(weights: str, name: str, threads: int) -> None:
    """Serve the model under ``name`` until standard input ends. Raises ``RuntimeError`` for what is no model."""
    import xllamacpp  # type: ignore[import-not-found]  # of the peer's environment

    wanted = xllamacpp.CommonParams()
    wanted.model.path = weights
    wanted.model_alias = {name}
    wanted.api_prefix = "/openai"
    wanted.port = 0
    wanted.n_ctx = LONGEST_CONTEXT
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(wanted)
    print("ready", server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # its own threads end when they like, and nothing is to be saved


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
