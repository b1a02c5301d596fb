#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""celadon-batch: one process, two processes and interrupted runs give the same file to the byte.

Usage: test-batch.py [CELADON-BATCH]; exits 77 when the program was not built or mpirun is not installed.
"""
import array
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

N_ROWS, N_QUERIES, N_COLS = 3000, 7, 48
PROGRAM = ""


def write_npy(path, values, columns, kind="<f4"):
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({len(values) // columns}, {columns}), }}"
    head += " " * (-(11 + len(head)) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() +
                     array.array("f", values).tobytes())


class Batch(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        rand = random.Random(7)
        rows = [rand.gauss(0, 1) for _ in range(N_ROWS * N_COLS)]
        for twin in range(100, N_ROWS, 100):  # equal rows in blocks of both processes
            rows[twin * N_COLS : (twin + 1) * N_COLS] = rows[:N_COLS]
        write_npy(self.folder / "rows.npy", rows, N_COLS)
        queries = rows[: N_COLS] + [rand.gauss(0, 1) for _ in range((N_QUERIES - 1) * N_COLS)]
        write_npy(self.folder / "queries.npy", queries, N_COLS)

    def tearDown(self):
        self.temporary.cleanup()

    def run_batch(self, out, *options, ranks=1, rows="rows.npy"):
        mpi = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks)] if ranks > 1 else []
        return subprocess.run([*mpi, PROGRAM, "--block", "256", *options, str(self.folder / rows),
                               str(self.folder / "queries.npy"), str(self.folder / out)], capture_output=True,
                              text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)

    def hits(self, out, *options, ranks=1):
        run = self.run_batch(out, *options, ranks=ranks)
        self.assertEqual(run.returncode, 0, run.stderr)
        return (self.folder / out).read_bytes()

    def test_two_processes_give_the_bytes_of_one(self):
        self.assertEqual(self.hits("one.tsv"), self.hits("two.tsv", ranks=2))

    def test_blocks_leave_no_trace(self):
        self.assertEqual(self.hits("one.tsv"), self.hits("other.tsv", "--block", "1111"))

    def test_equal_rows_come_in_their_order(self):
        rows = [line.split("\t")[2] for line in self.hits("one.tsv", ranks=2).decode().splitlines()[1:11]]
        self.assertEqual(rows, [str(100 * i) for i in range(10)])

    def test_an_interrupted_run_goes_on_where_it_was(self):
        for ranks in (1, 2):
            stopped = self.run_batch("later.tsv", "--stop-after", "2", ranks=ranks)
            self.assertEqual(stopped.returncode, 0, stopped.stderr)
            self.assertFalse((self.folder / "later.tsv").exists())
            again = self.run_batch("later.tsv", ranks=ranks)
            self.assertIn("goes on after block 2", again.stderr)
            self.assertEqual((self.folder / "later.tsv").read_bytes(), self.hits("one.tsv"))
            self.assertEqual(list(self.folder.glob("*.part-*")), [])
            (self.folder / "later.tsv").unlink()

    def test_a_damaged_state_is_not_taken(self):
        self.run_batch("later.tsv", "--stop-after", "3")
        part = self.folder / "later.tsv.part-0-of-1"
        state = bytearray(part.read_bytes())
        state[len(state) // 2] ^= 1
        part.write_bytes(state)
        again = self.run_batch("later.tsv")
        self.assertNotIn("goes on", again.stderr)
        self.assertEqual((self.folder / "later.tsv").read_bytes(), self.hits("one.tsv"))

    def test_a_state_of_other_rows_is_not_taken(self):
        self.run_batch("later.tsv", "--stop-after", "3")
        os.utime(self.folder / "rows.npy", ns=(1, 1))
        self.assertNotIn("goes on", self.run_batch("later.tsv").stderr)

    def test_files_that_do_not_fit_are_refused(self):
        write_npy(self.folder / "wide.npy", [0.0] * 64, 64)
        write_npy(self.folder / "odd.npy", [0.0] * 10, 10)
        write_npy(self.folder / "double.npy", [0.0] * 48, 48, "<f8")
        write_npy(self.folder / "nan.npy", [float("nan")] * 48, 48)
        (self.folder / "none.npy").write_bytes(b"no matrix")
        for rows in ("wide.npy", "odd.npy", "double.npy", "nan.npy", "none.npy", "absent.npy"):
            run = self.run_batch("never.tsv", rows=rows)
            self.assertIn(run.returncode, (3, 4), rows)
            self.assertTrue(run.stderr, rows)
            self.assertFalse((self.folder / "never.tsv").exists(), rows)

    def test_a_wrong_call_is_told(self):
        self.assertEqual(self.run_batch("never.tsv", "--top", "0").returncode, 2)


if __name__ == "__main__":
    if len(sys.argv) < 2 or shutil.which("mpirun") is None:
        print("skipped: built without -Dmpi=enabled, or mpirun is not installed")
        sys.exit(77)
    PROGRAM = sys.argv.pop(1)
    unittest.main()
