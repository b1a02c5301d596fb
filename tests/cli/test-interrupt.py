#!/usr/bin/env python3
"""Kills the program at random moments while it seals or imports: a file is there whole or not at all.

Usage: test-interrupt.py CELADON. CELADON_LONG=N asks for N kills instead of a few.
"""
import math
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

CELADON = sys.argv[1]
KILLS = int(os.environ.get("CELADON_LONG") or 24)
BANDS = {620.9: 16, 1001.4: 100, 1031.8: 27, 1155.3: 13, 1602.3: 28}
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")


def spectrum(seed):
    rows = ["Raman shift cm-1,Intensity"]
    for i in range(751):
        x = 300 + 2 * i
        y = 20 + sum(10 * h / (1 + ((x - c) / 4) ** 2) for c, h in BANDS.items())
        rows.append(f"{x},{y + 3 * math.sin(i * 12.9898 + seed):.4f}")
    return "\n".join(rows) + "\n"


def start(arguments):
    return subprocess.Popen([CELADON, *map(str, arguments)], env=ENVIRONMENT,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def done(arguments):
    return start(arguments).wait(timeout=120)


class Bench:
    """The commands that are killed, and how what they leave is judged."""

    def __init__(self, folder):
        self.source = folder / "source"
        self.source.mkdir()
        self.spectra = []
        for seed in range(3):
            path = self.source / f"spot{seed}.csv"
            path.write_text(spectrum(seed), encoding="utf-8")
            self.spectra.append(path)
        rows = ["file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence"]
        rows += [f"{p.name}\tps{i}\tPolystyrene\t\tpolymer\t785\tmade\tCC0"
                 for i, p in enumerate(self.spectra)]
        self.manifest = self.source / "manifest.tsv"
        self.manifest.write_text("\n".join(rows) + "\n", encoding="utf-8")
        self.passphrase = self.source / "pass"
        self.passphrase.write_text("correct horse battery\n", encoding="utf-8")
        self.key = self.source / "key.pem"
        if done(["key", "new", "--name", "Wang", "--out", self.key,
                 "--passphrase-file", self.passphrase]) != 0:
            sys.exit("the key cannot be made")

    def seal(self, out):
        return ["seal", *self.spectra, "--case", "c", "--exhibit", "e", "--key", self.key,
                "--passphrase-file", self.passphrase, "--out", out, "--laser-nm", "785"]

    def load(self, out):
        return ["library", "import", "--manifest", self.manifest, "--out", out]

    def whole(self, out):
        check = ["verify", out] if out.name.endswith(".cel.h5") else ["library", "info", out]
        return done(check) == 0


def longest(bench, folder, command, name):
    """How long the whole command takes; also shows that it works when left alone."""
    begin = time.monotonic()
    if done(command(folder / name)) != 0 or not bench.whole(folder / name):
        sys.exit(f"{name}: the command fails even when it is left alone")
    return time.monotonic() - begin


def kill_once(bench, folder, command, name, seconds, before):
    """Returns "nothing", "whole" or "part". @before: bytes that stand at the place already."""
    out = folder / name
    if before is not None:
        out.write_bytes(before)
    process = start(command(out))
    time.sleep(random.uniform(0, seconds))
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = sorted(p.name for p in folder.iterdir())
    if not left and before is None:
        return "nothing"
    if left == [name] and bench.whole(out):
        return "nothing" if before is not None and out.read_bytes() == before else "whole"
    print(f"{name}: killed, and left {left}", file=sys.stderr)
    return "part"


def main():
    random.seed(20260315)
    counts = {"nothing": 0, "whole": 0, "part": 0}
    with tempfile.TemporaryDirectory(prefix="celadon-interrupt-") as top:
        top = pathlib.Path(top)
        bench = Bench(top)
        jobs = [(bench.seal, "exhibit.cel.h5"), (bench.load, "own.library.h5")]
        first = top / "first"
        first.mkdir()
        times = [longest(bench, first, *job) for job in jobs]
        old = (first / "own.library.h5").read_bytes()
        for i in range(KILLS):
            command, name = jobs[i % 2]
            folder = top / f"kill{i}"
            folder.mkdir()
            counts[kill_once(bench, folder, command, name, 1.1 * times[i % 2],
                             old if i % 4 == 3 else None)] += 1
    print(f"{KILLS} kills: {counts['nothing']} left what was there before, "
          f"{counts['whole']} left the whole file, {counts['part']} left a part")
    return 1 if counts["part"] > 0 or counts["nothing"] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
