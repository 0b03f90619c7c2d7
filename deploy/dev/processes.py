"""Processes of the local platform: started with a log file each, restarted when they die, stopped in order."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PARENT_DEATH_SIGNAL = 1
SECONDS_TO_STOP = 30
SECONDS_BETWEEN_RESTARTS = 0.5


class Supervised:
    """One process that lives as long as the platform does, through crashes."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log_dir: Path) -> None:
        self.name = name
        self._command = list(command)
        self._environment = {**os.environ, **environment}
        self._log = log_dir / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name=f"watch-{name}", daemon=True)

    @property
    def pid(self) -> int | None:
        """The present process id."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it and watch over it."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._process = self._spawn()
        self._watcher.start()

    def stop(self) -> None:
        """Ask it to finish its work and end; insist after a while."""
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def _watch(self) -> None:
        while not self._stopping.is_set():
            if self._process is not None:
                self._process.wait()
            if self._stopping.wait(SECONDS_BETWEEN_RESTARTS):
                return
            self._process = self._spawn()


def stop_together(processes: Sequence[Supervised]) -> None:
    """Stop several at the same time."""
    threads = [threading.Thread(target=process.stop) for process in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _die_with_parent() -> None:
    """A platform whose starter is killed leaves nothing behind (Linux; elsewhere a no-op)."""
    try:
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
    except (OSError, AttributeError):
        time.sleep(0)
