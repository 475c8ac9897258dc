"""Processes by their id, and locks that the kernel lets go of when their holder dies."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 20.0  # seconds for a process to end


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
    """Does it run?"""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # reap it where it was our child
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def shown(pid: int) -> str:
    """The process's command line, its words parted by spaces; empty where it has ended."""
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def take(path: Path, how: int) -> int:
    """Locks a file by `how` (fcntl.LOCK_…), until the handle is closed. LOCK_NB: BlockingIOError."""
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
