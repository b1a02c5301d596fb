# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and memory of the window beside another program that opens curves (Gwyddion), for tools/figures window.

A frame is what stands in the display's memory: Xvfb keeps it in a file, which is looked at every millisecond.
So nothing is asked of the programs, and both are measured alike.
"""
import mmap
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CELADON_BUILD", TOP / "build"))
WIDTH, HEIGHT, BYTES = 1280, 800, 4
DRAWN_SHARE = 0.02  # of the looked-at pixels: a window, not a cursor
QUIET_S, PATIENCE_S, ROUNDS = 1.0, 60.0, 5


class Display:
    """An Xvfb whose picture can be read."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="celadon-figures-"))
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(self.folder),
             "-nolisten", "tcp", "-noreset"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as numbers:
            self.name = ":" + numbers.readline().strip()
        with open(self.folder / "Xvfb_screen0", "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.start = len(self.memory) - WIDTH * HEIGHT * BYTES

    def look(self):
        """A thin sample of the picture: every seventh row."""
        line = WIDTH * BYTES
        return b"".join(self.memory[self.start + y * line:self.start + (y + 1) * line] for y in range(3, HEIGHT, 7))

    def close(self):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def share_changed(before, now):
    """Of the sampled pixels; counted in blocks of 64 bytes, which is quick."""
    if before == now:
        return 0.0
    n = range(0, len(now), 64)
    return sum(before[i:i + 64] != now[i:i + 64] for i in n) / len(n)


def drop_caches():
    """Whether what was read before had to be read from the disk again. Needs root."""
    try:
        subprocess.run(["sync"], check=True)
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
        return True
    except OSError:
        return False


def pss_mib(pid):
    """Memory of the process and its children, shared pages by halves; and resident."""
    pss = rss = 0
    tree = [pid]
    for one in tree:
        children = pathlib.Path(f"/proc/{one}/task/{one}/children")
        tree += [int(child) for child in children.read_text().split()] if children.exists() else []
        for line in pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                pss += int(line.split()[1])
            elif line.startswith("Rss:"):
                rss += int(line.split()[1])
    return pss / 1024, rss / 1024


def environment(display, home):
    runtime = pathlib.Path(home) / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**keep, "DISPLAY": display.name, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LC_ALL": "C.UTF-8",
            "LANGUAGE": "zh_CN", "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable",
            "GSETTINGS_BACKEND": "memory", "GTK_A11Y": "none", "NO_AT_BRIDGE": "1",
            "XDG_CACHE_HOME": str(BUILD / "tests/cache")}


def start_once(command):
    """(first frame, last change, PSS, RSS): seconds from exec, MiB once it is quiet."""
    display = Display()
    home = tempfile.mkdtemp(prefix="celadon-home-")
    try:
        before = display.look()
        began = time.monotonic()
        process = subprocess.Popen(["dbus-run-session", "--", *command], env=environment(display, home),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        first = last = None
        while time.monotonic() - began < PATIENCE_S:
            now, at = display.look(), time.monotonic() - began
            if first is None and share_changed(before, now) > DRAWN_SHARE:
                first = last = at
                before = now
            elif first is not None and now != before:
                before, last = now, at
            if first is not None and at - last > QUIET_S:
                break
            time.sleep(0.001)
        pss, rss = pss_mib(process.pid)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return first, last, pss, rss
    finally:
        display.close()
        shutil.rmtree(home, ignore_errors=True)


def start_row(name, command):
    cold = start_once(command) if drop_caches() else None
    rounds = [start_once(command) for _ in range(ROUNDS)]
    first, last, pss, rss = (statistics.median(column) for column in zip(*rounds))
    cold_text = f"{cold[0]:.2f} s, {cold[1]:.2f} s" if cold else "not allowed here"
    print(f"| {name} | {cold_text} | {first:.2f} s, {last:.2f} s | {pss:.0f} MiB, {rss:.0f} MiB |", flush=True)


def curve_file(folder):
    """Two columns, 2,048 points: what both programs open."""
    path = pathlib.Path(folder) / "curve.txt"
    rows = (f"{150 + x * 1.5:.1f}\t{10 + 1000 / (1 + ((x - 900) / 6) ** 2):.3f}" for x in range(2048))
    path.write_text("\n".join(rows) + "\n")
    return path


def print_start(curve):
    print("| program | cold: first frame, last change | warm (median of 5) | memory then: PSS, RSS |")
    print("|---|---|---|---|")
    celadon = str(BUILD / "ui/celadon-app")
    start_row("celadon-app", [celadon])
    start_row("celadon-app with a curve of 2,048 points", [celadon, str(curve)])
    if shutil.which("gwyddion"):
        start_row("gwyddion", ["gwyddion", "--no-splash"])
        start_row("gwyddion with the same curve", ["gwyddion", "--no-splash", str(curve)])
    else:
        print("gwyddion is not installed: no yardstick")


def print_blocks():
    print("| while | longest block of the main loop (processor time of it) |")
    print("|---|---|")
    env = {**os.environ, "CELADON_SOURCE": str(TOP), "XDG_CACHE_HOME": str(BUILD / "tests/cache"), "LANGUAGE": "en",
           "LC_ALL": "C.UTF-8"}
    done = subprocess.run([str(TOP / "tests/ui/with-display"), str(BUILD / "tests/ui/window-figures"), "block"], env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    print("\n".join(line for line in done.stdout.splitlines() if line.startswith("|")))


def show():
    with tempfile.TemporaryDirectory() as folder:
        print_start(curve_file(folder))
    print()
    print_blocks()
