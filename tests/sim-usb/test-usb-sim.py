#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program celadon-usb-sim: what it passes on, and what it still knows after the command died.

Usage: test-usb-sim.py CELADON-USB-SIM. The command that it runs is this file with "inside".
"""
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import simusb  # noqa: E402

LIBUSB_ERROR_BUSY = -6
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ""


def run(*arguments, inside="pass", timeout=20):
    command = [PROGRAM, *arguments, "--", sys.executable, __file__, "inside", inside]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


class Program(unittest.TestCase):
    def test_exit_status_of_the_command_is_passed_on(self):
        self.assertEqual(run("wasatch-785", inside="sys.exit(7)").returncode, 7)

    def test_unknown_model_is_an_error(self):
        done = run("wasatch-999")
        self.assertEqual(done.returncode, 3)
        self.assertIn("no such model", done.stderr)

    def test_truth_survives_a_killed_command(self):
        with tempfile.TemporaryDirectory() as folder:
            truth = os.path.join(folder, "truth")
            done = run("--truth", truth, "--linger-ms", "50", "usb4000", "qepro",
                       inside="os.kill(os.getpid(), signal.SIGKILL)")
            self.assertEqual(done.returncode, 128 + signal.SIGKILL)
            lines = pathlib.Path(truth).read_text().splitlines()
            self.assertEqual([line.split()[0] for line in lines],
                             ["unit=1", "edges", "unit=2", "edges"])
            self.assertIn("laser=0", lines[0])

    def test_one_connection_waits_while_another_acts(self):
        done = run("wasatch-785", inside="two_connections()")
        self.assertEqual(done.stdout, "came True\n", done.stderr)

    def test_light_stays_on_when_the_client_is_killed(self):
        done = run("wasatch-785", inside="killed_client()")
        self.assertEqual(done.stdout, "clients 1.0 pending 1.0\nclients 0.0 laser 1.0\n"
                                      "laser 0.0 disables 1.0\n", done.stderr)

    def test_stopped_client_leaves_the_others_working(self):
        done = run("wasatch-785", inside="stopped_client()")
        self.assertEqual(done.stdout, "busy True laser 0.0\n", done.stderr)

    def test_recorded_unit_keeps_its_own_text(self):
        folder = pathlib.Path(os.environ.get("CELADON_SHARED", "")) / "protocols/fixtures"
        if not folder.is_dir():
            self.skipTest("no recordings here")
        done = run("--fixture", str(folder), "wasatch-785@wp-00887",
                   inside="print(simusb.Simulator().get(1, 'laser_mw'))")
        self.assertEqual(done.stdout, "450.0\n", done.stderr)

    def test_idle_simulator_uses_no_time(self):
        done = run("wasatch-785", "qepro", "usb4000", inside="idle()")
        self.assertLess(float(done.stdout), 0.05, done.stderr)

    def test_transfers_leave_no_memory_behind(self):
        done = run("wasatch-785:noise=pool", inside="grow()")
        self.assertLess(int(done.stdout), 500, done.stderr)


class Usb:
    """As much of libusb as the tests need."""

    def __init__(self, product=0x1000):
        self.lib = ctypes.CDLL("libusb-1.0.so.0")
        context = ctypes.c_void_p()
        assert self.lib.libusb_init(ctypes.byref(context)) == 0
        self.lib.libusb_open_device_with_vid_pid.restype = ctypes.c_void_p
        self.handle = ctypes.c_void_p(
            self.lib.libusb_open_device_with_vid_pid(context, 0x24AA, product))
        assert self.handle

    def set(self, request, value):
        return self.lib.libusb_control_transfer(self.handle, 0x40, request, value, 0, None, 0, 1000)

    def claim(self):
        return self.lib.libusb_claim_interface(self.handle, 0)

    def read_frame(self, timeout_ms):
        data, n = ctypes.create_string_buffer(2048), ctypes.c_int()
        return self.lib.libusb_bulk_transfer(self.handle, 0x82, data, 2048, ctypes.byref(n),
                                             timeout_ms)


def expose_for_long():
    """The other process of the tests: laser on, then it waits for a frame."""
    usb = Usb()
    usb.claim()
    usb.set(0xB2, 30000)
    usb.set(0xBE, 1)
    usb.set(0xAD, 0)
    usb.read_frame(1000)  # the first is still of the old setting
    usb.set(0xAD, 0)
    usb.read_frame(60000)


def start_exposure(simulator):
    client = subprocess.Popen([sys.executable, __file__, "inside", "expose_for_long()"])
    assert simulator.wait(1, "acquires=2", 5000)
    assert simulator.wait(1, "pending=1", 5000)
    time.sleep(0.05)  # it now sleeps in poll()
    return client


def killed_client():
    simulator = simusb.Simulator()
    client = start_exposure(simulator)
    print("clients", simulator.get(1, "clients"), "pending", simulator.get(1, "pending"))
    client.kill()
    client.wait()
    assert simulator.wait(1, "clients=0", 5000)
    print("clients", simulator.get(1, "clients"), "laser", simulator.get(1, "laser"))
    assert Usb().set(0xBE, 0) == 0
    print("laser", simulator.get(1, "laser"), "disables", simulator.get(1, "disables"))


def stopped_client():
    simulator = simusb.Simulator()
    client = start_exposure(simulator)
    client.send_signal(signal.SIGSTOP)
    guard = Usb()
    busy = guard.claim() == LIBUSB_ERROR_BUSY
    guard.set(0xBE, 0)
    print("busy", busy, "laser", simulator.get(1, "laser"))
    client.kill()
    client.wait()


def two_connections():
    came = []
    waiter = threading.Thread(
        target=lambda: came.append(simusb.Simulator().wait(1, "plugged=0", 5000)))
    waiter.start()
    time.sleep(0.1)
    simusb.Simulator().ask("unplug", 1)
    waiter.join()
    print("came", came[0])


def resident_kb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def grow():
    if "libasan" in pathlib.Path(f"/proc/{os.getppid()}/maps").read_text():
        print(0)  # AddressSanitizer keeps what is freed; it has its own way to find leaks
        return
    usb = Usb()
    for turn in range(2):
        before = resident_kb(os.getppid())
        for _ in range(250):
            usb.set(0xAD, 0)
            assert usb.read_frame(2000) == 0
    print(resident_kb(os.getppid()) - before)  # of the second turn: the first fills the pools


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle():
    before = processor_seconds(os.getppid())
    time.sleep(1.0)
    print(processor_seconds(os.getppid()) - before)


if __name__ == "__main__":
    if PROGRAM == "inside":
        exec(sys.argv[2])
    else:
        unittest.main(argv=sys.argv[:1], verbosity=2)
