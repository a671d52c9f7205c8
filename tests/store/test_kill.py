"""Kill a load anywhere, and nothing of it is there."""

import random
import signal
import subprocess
import sys
import time

from sqlalchemy import func, select

from vrn_metrics.store import open_store
from vrn_metrics.store.schema import OBSERVATIONS, RELEASE_EVENTS, RELEASES

SCRIPT = """
import sys
from vrn_metrics.store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
store.load(sys.argv[2], approve=True)
print("done", flush=True)
"""


def test_a_load_killed_at_any_moment_is_all_or_nothing(tmp_path, population_file):
    moments = random.Random(7)  # noqa: S311
    codes = [f"E{number:08d}" for number in range(9000001, 9000401)]
    for attempt in range(8):
        url = f"sqlite:///{tmp_path / f'{attempt}.sqlite'}"
        path = population_file(each_age=attempt + 1, codes=codes)
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, url, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.0, 0.8))
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = open_store(url)
        with store.engine.connect() as connection:
            releases, events, cells = (
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (RELEASES, RELEASE_EVENTS, OBSERVATIONS)
            )
        assert (releases, events) in ((0, 0), (1, 2))
        assert (cells > 0) == (releases == 1)
        assert store.check() == []
        assert store.load(path, approve=True).release.state == "approved"
        store.engine.dispose()
