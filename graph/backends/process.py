"""Processes by their id, and locks that the kernel lets go of when their holder dies.

Run as a file (`python process.py FOLDER PID`) this is the keeper of an embedded server: it ends the
server once all who used it are gone, also where they were killed and could not. Standard library
only, so that the keeper is small.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 20.0  # seconds for a process to end
KEEPER_LOOKS = 2.0  # every so many seconds


def kill(pid: int) -> None:
    """Ends it at once, and waits until it has ended."""
    if alive(pid):
        os.kill(pid, signal.SIGKILL)
        gone(pid, PATIENCE)


def gone(pid: int, seconds: float) -> bool:
    """Does it end within so many seconds?"""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Does it run? One that has ended, and that its parent has not noticed yet, does not."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # reap it where it was our child
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return shown(pid).strip() not in ("", "<defunct>")


def shown(pid: int) -> str:
    """The process's command line, its words parted by spaces; empty where it has ended."""
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def take(path: Path, how: int) -> int:
    """Locks a file by `how` (fcntl.LOCK_…) until the handle is closed. LOCK_NB: BlockingIOError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
    except BaseException:
        os.close(handle)
        raise
    return handle


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the file's lock alone."""
    handle = take(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def unused(folder: Path) -> bool:
    """Does nobody hold the folder's server? Ask it under start.lock, so that nobody comes."""
    try:
        os.close(take(folder / "in-use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def serves(pid: int, folder: Path) -> bool:
    """Process ids are used again: is this one the server of this folder?"""
    return f"rootPath={folder} " in shown(pid)


def keep(folder: Path, pid: int) -> None:
    """Waits until nobody uses the server, or its folder is deleted, and ends it."""
    while serves(pid, folder):
        time.sleep(KEEPER_LOOKS)
        try:
            _end_if_unused(folder, pid)
        except FileNotFoundError:
            os.kill(pid, signal.SIGTERM)


def _end_if_unused(folder: Path, pid: int) -> None:
    with locked(folder / "start.lock"):
        if unused(folder) and serves(pid, folder):
            os.kill(pid, signal.SIGTERM)


def start_keeper(folder: Path, pid: int) -> None:
    """Starts the keeper in a session of its own: whatever ends us must not end it."""
    subprocess.Popen(
        [sys.executable, "-E", "-S", str(Path(__file__).resolve()), str(folder), str(pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    )


if __name__ == "__main__":
    with suppress(ProcessLookupError):  # it ended in the moment between looking and ending it
        keep(Path(sys.argv[1]), int(sys.argv[2]))
