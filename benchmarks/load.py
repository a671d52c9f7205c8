"""Many people changing a choice at once: how long each waits, and what the server holds.

Run `python -m benchmarks.load [--users 50] [--seconds 60]`. Every user is a session of its own
over Streamlit's own protocol, opens a page of the demonstration, and changes its area every two
seconds on average. Three servers take turns on the same machine in the same run:

- `ours` is `app.py` as `make run` starts it;
- `stock` is the same pages without its server: `streamlit run` of a script with the navigation;
- `empty` is a page with one box and one heading.

A wait is from the change until the server has finished the page. Memory is that of the server's
process at the start and at the end. The users share the machine with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.first_view import ROOT, served

PAUSE_S: Final = 2.0
PAGES: Final = ("scorecard", "trend", "hotspots")
LABEL: Final = "Area"
STOCK: Final = "from vrn_metrics import ui\n\nui.navigate()\n"
EMPTY: Final = """
import streamlit as st

area = st.selectbox("Area", [str(number) for number in range(11)])
st.title(f"Area {area}")
"""


@dataclass
class User:
    """One session: where the box is that it changes, and how long it waited each time."""

    page: str
    waits: list[float] = field(default_factory=list)
    box: Any = None

    async def run(self, address: str, until: float) -> None:
        """Open the page, then change the area until the time is over."""
        import websockets

        host = address.removeprefix("http")
        async with websockets.connect(
            f"ws{host}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=None,
            open_timeout=120,
        ) as socket:
            draw = random.Random(self.page + str(id(self)))  # noqa: S311 - no secret
            await self._ask(socket, None)
            while time.monotonic() < until:
                await asyncio.sleep(draw.uniform(0.5, 1.5) * PAUSE_S)
                began = time.monotonic()
                await self._ask(socket, draw.choice(list(self.box.options)))
                self.waits.append(time.monotonic() - began)

    async def _ask(self, socket: Any, chosen: str | None) -> None:
        """Run the page again, with a choice if there is one, and read until it is finished."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        asked = BackMsg()
        asked.rerun_script.page_name = self.page
        if chosen is not None:
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = self.box.id, chosen
        await socket.send(asked.SerializeToString())
        while True:
            said = ForwardMsg()
            said.ParseFromString(await socket.recv())
            if said.WhichOneof("type") == "delta" and said.delta.HasField("new_element"):
                element = said.delta.new_element
                if element.HasField("selectbox") and element.selectbox.label == LABEL:
                    self.box = element.selectbox
            if said.WhichOneof("type") == "script_finished":
                return


async def crowd(address: str, users: int, seconds: float, pages: tuple[str, ...]) -> list[float]:
    """The waits of so many users over so long, those of the first tenth left out."""
    for page in pages:  # the first view of a page is another matter: `benchmarks.first_view`
        await User(page).run(address, 0)
    until = time.monotonic() + seconds
    everyone = [User(pages[number % len(pages)]) for number in range(users)]
    await asyncio.gather(*(each.run(address, until) for each in everyone))
    return [wait for each in everyone for wait in each.waits[len(each.waits) // 10 :]]


def memory(address: str) -> float:
    """What the server's process holds, in MB."""
    port = f"--server.port={address.rsplit(':', 1)[1]}"
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if port in (folder / "cmdline").read_text().split("\0"):
                status = (folder / "status").read_text()
                return int(status.split("VmRSS:")[1].split()[0]) / 1024
    return float("nan")


def main() -> None:
    """One server after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()

    from vrn_metrics.store import demo, open_store

    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'demo.sqlite'}"
        demo.build(open_store(url))
        stock, empty = Path(name) / "stock.py", Path(name) / "empty.py"
        stock.write_text(STOCK)
        empty.write_text(EMPTY)
        print(f"{given.users} users, {given.seconds:.0f} s each, a change every {PAUSE_S:.0f} s")
        print(
            f"{'server':8}{'p50, ms':>9}{'p95, ms':>9}{'changes':>9}{'MB before':>11}{'after':>7}"
        )
        found = {}
        for title, script, pages in (
            ("ours", ROOT / "app.py", PAGES),
            ("stock", stock, PAGES),
            ("empty", empty, ("",)),
        ):
            with served(script, url) as address:
                asyncio.run(crowd(address, 2, 5, pages))
                before = memory(address)
                waits = asyncio.run(crowd(address, given.users, given.seconds, pages))
                after = memory(address)
            p95 = statistics.quantiles(waits, n=20)[-1]
            found[title] = p95
            print(
                f"{title:8}{1000 * statistics.median(waits):9.0f}{1000 * p95:9.0f}"
                f"{len(waits):9}{before:11.0f}{after:7.0f}"
            )
    print(f"stock over ours at the 95th percentile: {found['stock'] / found['ours']:.1f} times")


if __name__ == "__main__":
    main()
