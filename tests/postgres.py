"""A PostgreSQL server of the tests' own: the system's binaries, a temporary folder, no trace."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "postgres"


@dataclass(frozen=True)
class Server:
    """Where a server keeps its files, and how it is started and stopped."""

    binaries: Path
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> str:
        """Make the server and start it; the address of its maintenance database."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if _user() is not None:
            shutil.chown(self.folder, *_user_and_group())
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        port = free_port()
        options = (
            f"-c listen_addresses=127.0.0.1 -p {port} -k {self.folder} "
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
        )
        self._run(
            "pg_ctl",
            f"--pgdata={self.data}",
            f"--log={self.folder / 'log'}",
            f"--options={options}",
            "--wait",
            "start",
        )
        return f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{port}/{SUPERUSER}"

    def stop(self) -> None:
        """Stop the server at once; its data are of no more use."""
        self._run("pg_ctl", f"--pgdata={self.data}", "--mode=immediate", "--wait", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        # the server outlives `pg_ctl start` and would hold a pipe open for ever: a file it is
        said = self.folder / f"{program}.out"
        with said.open("ab") as out:
            done = subprocess.run(
                [self.binaries / program, *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
                **_as_user(),
            )
        if done.returncode:
            raise RuntimeError(f"{program} ended with {done.returncode}:\n{said.read_text()}")


def find_binaries() -> Path | None:
    """The folder of the newest server installed, or `None`; Debian keeps it off the path."""
    if os.name == "nt":
        return None
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _user() -> str | None:
    """Whom to run as: PostgreSQL refuses root, and the package makes a user for it."""
    return SUPERUSER if os.geteuid() == 0 else None


def _user_and_group() -> tuple[int, int]:
    import pwd  # Unix only, and so is a server of the tests' own

    entry = pwd.getpwnam(SUPERUSER)
    return entry.pw_uid, entry.pw_gid


def _as_user() -> dict[str, object]:
    if _user() is None:
        return {}
    user, group = _user_and_group()
    return {"user": user, "group": group, "extra_groups": []}
