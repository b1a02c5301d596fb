# SPDX-License-Identifier: GPL-3.0-or-later
"""The control channel of celadon-usb-sim, for scripts that it runs: see README.md."""
import os
import socket


class Refused(Exception):
    """The simulator answered "error ..."."""


class Simulator:
    """One connection; its commands are README.md's. Not to be shared between threads."""

    def __init__(self, path=None):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path or os.environ["CELADON_USB_SIM_CONTROL"])
        self._file = self._socket.makefile("rw")

    def ask(self, *words):
        """Sends one command; returns what stands behind "ok"."""
        self._file.write(" ".join(str(w) for w in words) + "\n")
        self._file.flush()
        answer = self._file.readline().rstrip("\n")
        verdict, _, rest = answer.partition(" ")
        if verdict != "ok":
            raise Refused(rest or "the simulator is gone")
        return rest

    def get(self, unit, name):
        return float(self.ask("get", unit, name))

    def read(self, unit):
        pairs = (word.split("=") for word in self.ask("read", unit).split())
        return {name: float(value) for name, value in pairs}

    def wait(self, unit, condition, timeout_ms):
        """Whether the condition came true in time."""
        try:
            self.ask("wait", unit, condition, timeout_ms)
        except Refused as refused:
            if " after " in str(refused):
                return False
            raise
        return True

    def edges(self, unit):
        """[(on, microseconds), ...] of the light, oldest first."""
        return [(word[0] == "1", int(word[2:])) for word in self.ask("edges", unit).split()]
