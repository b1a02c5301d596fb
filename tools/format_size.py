# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of reading large and many files, beside numpy.loadtxt on the same files; what
"tools/figures formats-size" prints. The files are made in a temporary folder and removed.

Seconds are those on the clock and those of all processors together, which a busy machine does not
lengthen. Memory is the largest sum of proportional set sizes (PSS: shared pages are counted once) over all
processes of the command, looked at every 20 ms. Both read position and first intensity. Ours is
`celadon preview`, which reads in the jailed child, checks every number, and takes a SHA-256 as well.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

GIB = 1 << 30
WIDE_ROWS, WIDE_COLUMNS = 15_500_000, 8  # of the 1 GB file
LONG_ROWS = 10_000_000
SMALL_FILES, SMALL_ROWS = 5_000, 1_000
NEEDED = 3 * GIB


def write_rows(path, rows, columns):
    """Two or more columns; the axis rises by 0.0003 or so, as many digits as instruments write."""
    tail = "".join(f",{107 * i % 100}.{i}25" for i in range(1, columns - 1))
    with open(path, "w", encoding="ascii") as file:
        file.write("Raman shift (cm-1),Intensity" + "".join(f",I{i}" for i in range(2, columns)) + "\n")
        step, block = 5000.0 / rows, 100_000
        for start in range(0, rows, block):
            file.write("".join(f"{i * step:.6f},{i % 977 + 0.25:.3f}{tail}\n"
                               for i in range(start, min(start + block, rows))))


def use_of(root):
    """(processor seconds, PSS in bytes) of @root and all its descendants, those that ended included."""
    parents, ticks = {}, {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            parents[int(stat.parent.name)] = int(fields[1])
            ticks[int(stat.parent.name)] = sum(map(int, fields[11:15]))  # own, and of children waited for
        except OSError:
            pass
    total, spent = 0, 0
    for pid in parents:
        ancestor = pid
        while ancestor not in (root, 0, 1) and ancestor in parents:
            ancestor = parents[ancestor]
        if ancestor != root:
            continue
        spent += ticks[pid]
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            pass
    return spent / os.sysconf("SC_CLK_TCK"), total


def measure(command, **options):
    """(seconds, processor seconds, largest memory) of @command, which must succeed."""
    spent, peak = [0.0], [0]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    done = threading.Event()

    def watch():
        while not done.wait(0.02):
            now = use_of(process.pid)
            spent[0], peak[0] = max(spent[0], now[0]), max(peak[0], now[1])

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    seconds = time.monotonic() - start
    done.set()
    watcher.join()
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))[:200]}: exit {status}")
    return seconds, spent[0], peak[0]


LOADTXT = """
import sys, numpy
for path in open(sys.argv[1]).read().split("\\n"):
    numpy.loadtxt(path, delimiter=",", skiprows=1, usecols=(0, 1))
"""


def report(title, size, ours, theirs):
    def cells(figures):
        return f"{figures[0]:.1f} s ({figures[1]:.1f} s) | {figures[2] / 1e6:.0f} MB" if figures else "- | -"
    print(f"| {title} | {size / 1e6:.0f} MB | {cells(ours)} | {cells(theirs)} |", flush=True)


def compare(program, folder, title, paths, numpy):
    listing = folder / "list.txt"
    listing.write_text("\n".join(map(str, paths)))
    ours = measure([program, "preview", "--json", "--rows", "1", *paths])
    theirs = measure([numpy, "-c", LOADTXT, listing]) if numpy else None
    report(title, sum(p.stat().st_size for p in paths), ours, theirs)
    for path in paths:
        path.unlink()


def run(program):
    numpy = next((p for p in (sys.executable, "/usr/bin/python3") if not subprocess.run(
        [p, "-c", "import numpy"], capture_output=True, check=False).returncode), None)
    if numpy is None:
        print("(numpy is not installed: Debian package python3-numpy)", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="celadon-size-") as scratch:
        folder = pathlib.Path(scratch)
        if shutil.disk_usage(folder).free < NEEDED:
            raise SystemExit(f"{folder}: less than {NEEDED // GIB} GiB free")
        print("| file | size | celadon preview (processors) | memory | numpy.loadtxt | memory |\n|---|---|---|---|---|---|")
        wide = folder / "wide.csv"
        write_rows(wide, WIDE_ROWS, WIDE_COLUMNS)
        compare(program, folder, f"{WIDE_ROWS / 1e6:.1f} million rows of {WIDE_COLUMNS} columns", [wide], numpy)
        narrow = folder / "long.csv"
        write_rows(narrow, LONG_ROWS, 2)
        compare(program, folder, f"{LONG_ROWS // 1_000_000} million points", [narrow], numpy)
        small = [folder / f"s{i:04}.csv" for i in range(SMALL_FILES)]
        write_rows(small[0], SMALL_ROWS, 2)
        for path in small[1:]:
            shutil.copyfile(small[0], path)
        compare(program, folder, f"{SMALL_FILES} files of {SMALL_ROWS} points", small, numpy)
    return 0
