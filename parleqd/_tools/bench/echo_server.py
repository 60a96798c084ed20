"""The yardstick for round trips: a bare asyncio server that sends every line back."""

from __future__ import annotations

import asyncio
import sys


async def serve(path: str) -> None:
    """Serve the socket for ever; a line on stdout says that it answers."""
    server = await asyncio.start_unix_server(_echo, path)
    print("ready", flush=True)
    await server.serve_forever()


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
