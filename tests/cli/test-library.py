#!/usr/bin/env python3
"""A library as evidence: what is wrong with it, who signed it, what a version changes, and what follows from that for
what was sealed.

Usage: test-library.py CELADON [unittest arguments]
"""
import csv
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import lab as labs  # noqa: E402

CELADON = os.path.abspath(sys.argv.pop(1))
SHARED = pathlib.Path(os.environ.get("CELADON_SHARED", ""))
DOCS = pathlib.Path(__file__).parent.parent.parent / "docs"
HEADER = ["file", "id", "name_en", "name_zh", "class", "laser_nm", "source", "licence", "grade", "baseline"]
ALPHA = {320: 50, 540: 80, 760: 35, 980: 100, 1190: 60}
BETA = {270: 70, 455: 40, 655: 100, 870: 55, 1100: 80}
GAMMA = {380: 90, 610: 100, 700: 45, 1040: 70, 1250: 30}


def run(*args, **options):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
    return subprocess.run([CELADON, *map(str, args)], capture_output=True, text=True, timeout=300, env=environment,
                          **options)


def points(bands, seed=1, noise=3.0, start=160.0, end=1400.0, step=1.0):
    """Shift and intensity; every seed is another measurement of the same sample."""
    rand = random.Random(seed)
    for i in range(int((end - start) / step) + 1):
        x = start + i * step
        y = sum(h * 10 / (1 + ((x - c) / 4.0) ** 2) for c, h in bands.items())
        yield x, y + rand.gauss(0, noise)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="celadon 谱库 ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.rows = []

    def good(self, *args, status=0):
        result = run(*args)
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        return result.stdout

    def json(self, *args, status=0):
        return [json.loads(line) for line in self.good(*args, "--json", status=status).splitlines()]

    def spectrum(self, name, data):
        path = self.folder / name
        path.write_text("".join(f"{x:.4f}\t{y:.5g}\n" for x, y in data))
        return path

    def add(self, name, of, data, **facts):
        """One row of the manifest; @facts replace what is usual."""
        path = self.spectrum(name, data)
        row = dict(zip(HEADER, [path, of, of.capitalize(), "", "polymer", "785", "our bench", "CC0", "B", "removed"]))
        row.update(facts)
        self.rows.append(row)

    def library(self, name="lib", rows=None):
        """Imports @rows, else all that were added; the name of the library is that of its file."""
        rows = self.rows if rows is None else rows
        keys = HEADER + sorted({k for row in rows for k in row} - set(HEADER))
        manifest, out = self.folder / f"{name}.tsv", self.folder / f"{name}.h5"
        with open(manifest, "w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
            table.writerow(keys)
            table.writerows([row.get(k, "") for k in keys] for row in rows)
        self.good("library", "import", "--manifest", manifest, "--out", out)
        return out

    def three(self):
        for name, bands in (("alpha", ALPHA), ("beta", BETA), ("gamma", GAMMA)):
            for n in (1, 2):
                self.add(f"{name}-{n}.txt", name, points(bands, seed=n))


class Lint(Case):
    def findings(self, library, status=0):
        lines = self.json("library", "lint", library, status=status)
        return lines[:-1], lines[-1]["summary"]

    def test_a_sound_library_has_no_finding(self):
        self.three()
        findings, summary = self.findings(self.library())
        self.assertEqual(findings, [])
        self.assertEqual((summary["references"], summary["errors"], summary["warnings"]), (6, 0, 0))
        self.assertEqual(summary["similarity"]["within_substance"]["pairs"], 3)
        self.assertEqual(summary["similarity"]["between_substances"]["pairs"], 12)

    def plant(self):
        self.three()
        a = list(points(ALPHA, seed=1))
        self.add("other-name.txt", "delta", a)  # the very samples of alpha-1
        self.add("twice.txt", "alpha", [(x, 3 * y) for x, y in a[20:-20]])  # cut and scaled
        self.add("wrong-label.txt", "gamma", points(BETA, seed=7))
        b = list(points(BETA, seed=3))
        self.add("gap.txt", "beta", [p for p in b if not 700 < p[0] < 760])
        self.add("short.txt", "beta", points(BETA, seed=4, end=900))
        self.add("noisy.txt", "beta", points(BETA, seed=5, noise=160))
        self.add("spike.txt", "beta", [(x, y + (700 if x == 1200 else 0)) for x, y in points(BETA, seed=6)])
        self.add("full.txt", "beta", [(x, min(y, 600)) for x, y in points(BETA, seed=8)])
        self.add("deep.txt", "beta", [(x, y - (300 if 900 < x < 1000 else 0)) for x, y in points(BETA, seed=9)])
        self.add("coarse.txt", "beta", points(BETA, seed=10, step=5))
        self.add("facts.txt", "beta", points(BETA, seed=11), licence="", source="", grade="A")
        self.add("proven.txt", "beta", points(BETA, seed=12), grade="A", supplier="S", lot="1", certificate="C",
                 instrument="I", approved_by="P0001")
        self.add("c.txt", "epsilon", points({450: 100, 800: 60, 1150: 80}), grade="C")

    def test_each_planted_fault_is_found(self):
        self.plant()
        findings, summary = self.findings(self.library(), status=1)
        found = {(f["kind"], pathlib.Path(f["reference"]).name) for f in findings}
        for kind, name in (("duplicate-two-names", "alpha-1.txt"), ("duplicate", "alpha-1.txt"),
                           ("mislabelled", "wrong-label.txt"), ("axis-gap", "gap.txt"), ("short", "short.txt"),
                           ("low-snr", "noisy.txt"), ("spikes", "spike.txt"), ("clipped", "full.txt"),
                           ("negative", "deep.txt"), ("coarse", "coarse.txt"), ("no-licence", "facts.txt"),
                           ("no-source", "facts.txt"), ("grade-unproven", "facts.txt"), ("grade-lead", "")):
            self.assertIn((kind, name), found)
        self.assertNotIn(("grade-unproven", "proven.txt"), found)
        one = next(f for f in findings if f["kind"] == "mislabelled")
        self.assertEqual((one["substance"], one["other"]["substance"], one["severity"]), ("gamma", "beta", "error"))
        self.assertLess(one["numbers"]["nearest_own"], 0.3)
        self.assertGreater(one["numbers"]["nearest_other"], 0.95)
        gap = next(f for f in findings if f["kind"] == "axis-gap")
        self.assertEqual((gap["numbers"]["from_cm1"], gap["numbers"]["to_cm1"]), (700, 760))
        self.assertEqual(summary["errors"], sum(f["severity"] == "error" for f in findings))
        for f in findings:
            self.assertTrue(f["advice"]["en"] and f["advice"]["zh_CN"] and f["what"]["zh_CN"])
        self.assertEqual(len({f["id"] for f in findings}), len(findings))

    def test_the_findings_do_not_depend_on_threads_and_keep_their_ids(self):
        self.plant()
        library = self.library()
        one = self.good("library", "lint", library, "--json", status=1)
        self.assertEqual(self.good("library", "lint", library, "--json", "--threads", 3, status=1), one)

    def test_the_text_says_it_in_both_languages(self):
        self.three()
        self.add("gap.txt", "beta", [p for p in points(BETA, seed=3) if not 700 < p[0] < 760])
        library = self.library()
        ident = self.findings(library)[0][0]["id"]
        path = self.folder / "gap.txt"
        self.assertEqual(self.good("library", "lint", library).splitlines()[:3], [
            "warning: The axis has a gap (1)",
            "  Bands inside the gap are drawn as a straight line and mislead; measure it again.",
            f"    {ident}  Beta ({path}): The axis has a gap: from_cm1 700, to_cm1 760, usual_step_cm1 1"])
        self.assertIn("警告: 谱轴有缺口 (1)", self.good("library", "lint", library, "--lang", "zh_CN"))

    def test_the_library_that_ships_can_be_looked_at(self):
        summary = self.findings_of_builtin()
        self.assertEqual(summary["kinds"]["duplicate"] + summary["kinds"]["no-source"], 0)

    def findings_of_builtin(self):
        result = run("library", "lint", "--json")
        self.assertIn(result.returncode, (0, 1))
        return json.loads(result.stdout.splitlines()[-1])["summary"]


def read_packed(path, most):
    """The first @most spectra of a packed set: (name, substance, points)."""
    tool = pathlib.Path(__file__).parent.parent.parent / "tools" / "unpack-development-data"
    packed = runpy.run_path(str(tool))["packed"]
    return [(row[0], row[1], row[4]) for row in itertools.islice(packed(str(path)), most)]


class RealLint(Case):
    """The same faults planted into measured minerals."""

    def setUp(self):
        super().setUp()
        self.path = SHARED / "data" / "rruff" / "library_532.tsv.gz"
        if not self.path.is_file():
            self.skipTest("the development data are not here")

    def test_planted_faults_are_found_among_real_spectra(self):
        real = read_packed(self.path, 250)
        for name, substance, data in real:
            self.add(f"{name}.txt", re.sub(r"[^a-z0-9]+", "_", substance.lower()), data, laser_nm="532")
        before = {f["id"] for f in self.lines(self.library("real"))}
        by = {}
        for name, substance, data in real:
            by.setdefault(re.sub(r"[^a-z0-9]+", "_", substance.lower()), []).append(data)
        several = [s for s in by if len(by[s]) >= 3]
        first, last = several[0], several[-1]
        self.add("copy.txt", last, by[first][0], laser_nm="532")
        self.add("again.txt", first, [(x, 0.5 * y) for x, y in by[first][1]], laser_nm="532")
        top = max(y for _, y in by[first][2])
        self.add("spiked.txt", first, [(x, y + (0.4 * top if i == 900 else 0)) for i, (x, y) in enumerate(by[first][2])],
                 laser_nm="532")
        self.add("holed.txt", first, [p for i, p in enumerate(by[first][2]) if not 600 < i < 700], laser_nm="532")
        new = [f for f in self.lines(self.library("real")) if f["id"] not in before]
        found = {(f["kind"], pathlib.Path(n).name) for f in new
                 for n in (f["reference"], f.get("other", {}).get("reference", ""))}
        for wanted in (("duplicate-two-names", "copy.txt"), ("mislabelled", "copy.txt"), ("duplicate", "again.txt"),
                       ("spikes", "spiked.txt"), ("axis-gap", "holed.txt")):
            self.assertIn(wanted, found)

    def lines(self, library):
        result = run("library", "lint", library, "--json")
        return [json.loads(line) for line in result.stdout.splitlines()][:-1]


class Diff(Case):
    def test_what_a_version_changes_is_listed_and_nothing_else(self):
        self.three()
        before = self.library("before")
        rows = [dict(r) for r in self.rows]
        rows[1]["grade"] = "A"  # alpha-2
        rows[2].update(id="gamma", name_en="Gamma")  # beta-1 moves
        del rows[5]  # gamma-2
        self.add("delta.txt", "delta", points({450: 100, 800: 60, 1150: 80}))
        self.spectrum("alpha-1.txt", points(ALPHA, seed=9))
        after = self.library("after", rows + [self.rows[-1]])
        f = self.folder
        summary = (f"{run('library', 'info', before).stdout.splitlines()[0]} -> "
                   f"{run('library', 'info', after).stdout.splitlines()[0]}: 6 changes")
        self.assertEqual(self.good("library", "diff", before, after).splitlines(), [
            f"alpha: other samples under the same name {f}/alpha-1.txt",
            f'alpha: grade of a reference {f}/alpha-2.txt: "B" -> "A"',
            f'beta: reference moved to another substance {f}/beta-1.txt: "beta" -> "gamma"',
            'delta: substance added: "" -> "Delta"',
            f"delta: reference added {f}/delta.txt",
            f"gamma: reference removed {f}/gamma-2.txt",
            summary])
        lines = self.json("library", "diff", before, after)
        self.assertEqual(lines[-1]["summary"]["changes"], 6)
        self.assertEqual(lines[1], {"change": "grade", "substance": "alpha", "item": f"{f}/alpha-2.txt",
                                    "before": "B", "after": "A"})
        self.assertEqual(len(self.json("library", "diff", before, before)), 1)


LINES = """\
  library.content    proven
  library.file       proven
  library.statement  proven
  signature.sm2      proven
  signature.ed25519  proven
  certificate        not proven
  role               not proven
  previous           not proven
  time               not proven"""


class Signer:
    """One key for all: making one takes time."""
    holder = None

    @classmethod
    def words(cls):
        if cls.holder is None:
            cls.holder = tempfile.TemporaryDirectory(prefix="celadon-key ")
            folder = pathlib.Path(cls.holder.name)
            (folder / "pass").write_text(labs.PASSPHRASE + "\n")
            cls.made = ["--key", folder / "k.key", "--passphrase-file", folder / "pass"]
            run("key", "new", "--name", "孙丽", "--out", folder / "k.key", *cls.made[2:])
        return cls.made


def tearDownModule():
    if Signer.holder is not None:
        Signer.holder.cleanup()


class Sign(Case):
    def setUp(self):
        super().setUp()
        self.three()
        self.lib = self.library()
        self.signer = Signer.words()

    def states(self, *args, status=0):
        return {line["id"]: line["state"] for line in self.json("library", "verify", *args, status=status)[0]["lines"]}

    def test_a_signature_says_separately_what_it_proves(self):
        out = self.good("library", "sign", self.lib, *self.signer)
        version = self.json("library", "info", self.lib)[0]["version"]
        self.assertEqual(out, f"{self.lib}.sig: lib {version} signed by 孙丽\n")
        text = self.good("library", "verify", self.lib)
        self.assertEqual([re.sub(r"(proven).*", r"\1", line) for line in text.splitlines()],
                         [str(self.lib), *LINES.splitlines()])
        self.good("library", "verify", self.lib, "--require", "certificate", status=1)
        self.good("library", "sign", self.lib, *self.signer, status=5)  # a signature is never replaced

    def test_one_changed_byte_is_contradicted(self):
        self.good("library", "sign", self.lib, *self.signer)
        whole, signature = self.lib.read_bytes(), pathlib.Path(f"{self.lib}.sig").read_bytes()
        for at in [*range(100, len(whole), len(whole) // 9), len(whole) - 1]:
            self.lib.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
            self.assertEqual(self.states(self.lib, status=1)["library.file"], "contradicted", at)
        self.lib.write_bytes(whole)
        for at in range(9, len(signature), len(signature) // 15):
            pathlib.Path(f"{self.lib}.sig").write_bytes(signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1:])
            self.assertEqual(self.states(self.lib, status=1)["signature.sm2"], "contradicted", at)
            self.assertEqual(run("identify", "--library", self.lib, "--only", self.folder / "alpha-1.txt").returncode, 3)

    def test_what_identifies_says_whether_it_is_signed(self):
        args = ("identify", "--library", self.lib, "--only", self.folder / "alpha-1.txt")
        self.assertIn("celadon: library lib: signature: unsigned\n", run(*args).stderr)
        self.assertEqual(self.json(*args)[0]["libraries"][0]["signature"], "unsigned")
        self.good("library", "sign", self.lib, *self.signer)
        self.assertEqual(self.json(*args)[0]["libraries"][0]["signature"], "not-vouched")
        self.assertEqual(self.json("library", "info", self.lib)[0]["signature"], "not-vouched")
        self.assertIn("  signature: built-in\n", run("library", "info").stdout)

    def test_versions_follow_one_another(self):
        for version in ("v1", "v2"):
            (self.folder / version).mkdir()
        first = self.library("v1/lib")
        second = self.library("v2/lib", self.rows[:-1])
        self.good("library", "sign", second, "--previous", first, *self.signer)
        self.assertEqual(self.states(second)["previous"], "not-proven")
        self.assertEqual(self.states(second, "--previous", first)["previous"], "proven")
        self.assertEqual(self.states(second, "--previous", second, status=1)["previous"], "contradicted")
        self.good("library", "sign", first, "--previous", first, *self.signer, status=5)

    def test_openssl_alone_can_check_it(self):
        self.good("library", "sign", self.lib, *self.signer)
        commands = re.search(r"```sh\n(.*?)```", (DOCS / "library-signature.md").read_text(), flags=re.S).group(1)
        def check():
            return subprocess.run(["sh", "-e", "-c", commands], cwd=self.folder, capture_output=True, text=True,
                                  env=dict(os.environ, L=str(self.lib)))
        result = check()
        self.assertEqual(result.returncode, 0, result.stderr + result.stdout)
        self.assertIn("Signature Verified Successfully", result.stdout)
        self.assertIn("Verified OK", result.stdout)
        self.lib.write_bytes(self.lib.read_bytes() + b"x")
        self.assertNotEqual(check().returncode, 0)


class Rescreen(Case):
    made = None  # libraries and sealed files, made once: a seal opens a key

    @classmethod
    def tearDownClass(cls):
        if cls.made is not None:
            cls.made.folder_holder.cleanup()
            cls.made = None

    def make(self):
        folder = tempfile.TemporaryDirectory(prefix="celadon-sealed ")
        self.folder_holder, self.folder, self.rows = folder, pathlib.Path(folder.name), []
        self.three()
        for version in ("v1", "v2"):
            (self.folder / version).mkdir()
        self.old = self.library("v1/lib")
        self.new = self.library("v2/lib", [r for r in self.rows if r["id"] != "alpha"])
        self.files = [self.seal("A1", ALPHA, 21), self.seal("A2", ALPHA, 22), self.seal("B", BETA, 23)]
        return self

    def setUp(self):
        super().setUp()
        if Rescreen.made is None:
            Rescreen.made = Rescreen("make").make()
        self.old, self.new = Rescreen.made.old, Rescreen.made.new
        self.files = [pathlib.Path(shutil.copy2(f, self.folder)) for f in Rescreen.made.files]
        self.result = self.folder / "result.jsonl"

    def seal(self, case, bands, seed):
        path, out = self.spectrum(f"{case}.txt", points(bands, seed=seed, noise=5)), self.folder / f"{case}.cel.h5"
        self.good("seal", path, "--laser-nm", 785, "--library", self.old, "--only", "--case", case, "--exhibit", "1",
                  "--policy", "development", *Signer.words(), "--out", out)
        return out

    def rescreen(self, *args, status):
        self.good("library", "rescreen", self.new, "--out", self.result, *args, *self.files, status=status)
        return [json.loads(line) for line in self.result.read_text().splitlines()]

    def test_every_case_that_would_change_is_listed_with_its_reasons(self):
        before = [f.read_bytes() for f in self.files]
        header, *lines = self.rescreen("--previous", self.old, status=1)
        self.assertEqual(header["library"]["sha256"], self.json("library", "info", self.new)[0]["sha256"])
        self.assertEqual(header["linking"]["limit"], 0.9)
        self.assertEqual([l.get("state") for l in lines[:3]], ["changed", "changed", "same"])
        changed = lines[0]
        self.assertEqual((changed["case"], changed["before"]["lead"], changed["after"]["lead"], changed["cause"],
                          changed["replaced"]), ("A1", "alpha", None, "library", True))
        self.assertIn("alpha is not in the new version", changed["why"])
        self.assertEqual(len(changed["why"]), len(changed["why_zh_CN"]))
        link = lines[3]
        self.assertEqual([side["case"] for side in link["link"]], ["A1", "A2"])
        self.assertGreater(link["similarity"], 0.9)
        self.assertIn("线索(待核实),不得写入结论", link["note_zh_CN"])
        self.assertEqual(lines[4], {"summary": {"files": 3, "same": 1, "changed": 2, "not_done": 0, "links": 1}})
        self.assertEqual([f.read_bytes() for f in self.files], before)

    def test_the_same_version_changes_nothing(self):
        self.good("library", "rescreen", self.old, "--out", self.result, *self.files)
        self.assertNotIn('"changed"', self.result.read_text().splitlines()[1])

    def test_an_interrupted_run_goes_on_where_it_stopped(self):
        whole = self.rescreen(status=1)
        kept = self.result.read_text().splitlines(keepends=True)
        self.result.write_text("".join(kept[:2]))  # as a run that was stopped after the first file leaves it
        out = self.good("library", "rescreen", self.new, "--out", self.result, *self.files, status=1)
        self.assertIn("3 files (1 from an earlier run): 1 unchanged, 2 changed, 0 not done; 1 pairs", out)
        self.assertEqual([json.loads(line) for line in self.result.read_text().splitlines()], whole)

    def interrupted(self, many, delay):
        """Lines of the result after a cancel @delay seconds after the start; 0 when it came too early or too late."""
        self.result.unlink(missing_ok=True)
        words = ["library", "rescreen", self.new, "--out", self.result, *many]
        child = subprocess.Popen([CELADON, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.send_signal(signal.SIGINT)
        if child.wait(timeout=120) != 130 or not self.result.exists():
            return 0
        return len(self.result.read_text().splitlines()) - 1

    def test_a_cancel_keeps_what_was_done(self):
        many = [pathlib.Path(shutil.copy2(self.files[n % 3], self.folder / f"many-{n}.cel.h5")) for n in range(200)]
        kept = next((k for k in (self.interrupted(many, delay) for delay in (0.5, 1.5, 4, 10)) if k), 0)
        self.assertIn(kept, range(1, 200))
        self.files = many[:kept + 2]
        out = self.good("library", "rescreen", self.new, "--out", self.result, *self.files, status=1)
        self.assertIn(f"{kept + 2} files ({kept} from an earlier run)", out)

    def test_another_or_a_damaged_result_is_left_as_it_is(self):
        for content in ("no result\n", '{"rescreen":1}\n', "\0", ):
            self.result.write_text(content)
            self.good("library", "rescreen", self.new, "--out", self.result, *self.files, status=3)
            self.assertEqual(self.result.read_text(), content)
        self.rescreen_over_damage()

    def rescreen_over_damage(self):
        self.result.unlink()
        self.rescreen(status=1)
        damaged = self.result.read_text().replace('"state":"same"', '"state":7')
        self.result.write_text(damaged)
        self.good("library", "rescreen", self.new, "--out", self.result, *self.files, status=3)
        self.assertEqual(self.result.read_text(), damaged)

    def test_what_cannot_be_done_is_a_line_and_the_rest_go_on(self):
        whole = self.files[1].read_bytes()
        at = whole.index(b"A2") if b"A2" in whole else len(whole) // 2
        self.files[1].chmod(0o640)
        self.files[1].write_bytes(whole[:at] + b"B" + whole[at + 1:])
        self.files.append(self.folder / "missing.cel.h5")
        lines = self.rescreen(status=3)
        self.assertEqual([l["state"] for l in lines[1:5]], ["changed", "not-done", "same", "not-done"])
        self.assertTrue(lines[2]["problem"] and lines[4]["problem"])

    def by_several(self, out, *words, ranks=2, status=0):
        """celadon-rescreen by several processes; it is built with -Dmpi=enabled only."""
        program = pathlib.Path(CELADON).parent.parent / "mpi" / "celadon-rescreen"
        if not program.exists() or shutil.which("mpirun") is None:
            self.skipTest("celadon-rescreen was not built, or mpirun is not installed")
        mpi = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", ranks] if ranks > 1 else []
        done = subprocess.run([str(w) for w in (*mpi, program, self.new, "--out", out, *words)], capture_output=True,
                              text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        return pathlib.Path(out)

    def test_several_processes_give_the_bytes_of_one(self):
        self.files += [pathlib.Path(shutil.copy2(self.files[n % 3], self.folder / f"more-{n}.cel.h5")) for n in range(4)]
        self.files.append(self.folder / "missing.cel.h5")
        self.rescreen("--previous", self.old, status=3)
        one = self.result.read_bytes()
        for ranks in (1, 2):
            out = self.by_several(self.folder / f"by-{ranks}.jsonl", "--previous", self.old, *self.files, ranks=ranks)
            self.assertEqual(out.read_bytes(), one)
        self.assertEqual(list(self.folder.glob("*.part-*")), [])

    def test_several_processes_go_on_where_they_were_stopped(self):
        self.files += [pathlib.Path(shutil.copy2(self.files[n % 3], self.folder / f"more-{n}.cel.h5")) for n in range(6)]
        self.rescreen(status=1)
        one, out = self.result.read_bytes(), self.folder / "later.jsonl"
        for _ in range(2):
            self.by_several(out, "--stop-after", 2, *self.files)
            self.assertFalse(out.exists())
        parts = sorted(self.folder.glob("*.part-*"))
        self.assertEqual([len(p.read_text().splitlines()) - 1 for p in parts], [4, 4])
        listed = self.folder / "list.txt"
        listed.write_text("".join(f"{f}\n" for f in self.files))
        self.assertEqual(self.by_several(out, "--files-from", listed).read_bytes(), one)
        self.assertEqual(list(self.folder.glob("*.part-*")), [])

    def test_usage(self):
        self.good("library", "rescreen", self.new, status=2)
        self.good("library", "rescreen", self.new, "--out", self.files[0], *self.files, status=2)
        self.good("library", "rescreen", self.new, "--out", self.new, *self.files, status=2)


class InALab(Case):
    def setUp(self):
        super().setUp()
        self.lab = labs.founded(CELADON, training=False)
        self.addCleanup(self.lab.holder.cleanup)
        self.three()
        self.lib = self.library()

    def sign(self):
        self.lab.good("library", "sign", self.lib, *self.lab.signed("sun", "li"), "--why", "first version of the lab")

    def test_signing_and_rescreening_are_events_and_only_those_who_may_do_them(self):
        lab = self.lab
        lab.good("library", "sign", self.lib, *lab.signed("wang", "li"), "--why", "x", status=5)
        self.assertFalse(pathlib.Path(f"{self.lib}.sig").exists())
        self.sign()
        lines = lab.json("library", "verify", self.lib, "--lab", lab.lab)[0]["lines"]
        states = {line["id"]: line["state"] for line in lines}
        self.assertEqual((states["certificate"], states["role"]), ("proven", "proven"))
        path = self.spectrum("q.txt", points(ALPHA, seed=5))
        answer = lab.json("identify", path, "--library", self.lib, "--only", "--lab", lab.lab)[0]
        self.assertEqual(answer["libraries"][0]["signature"], "signed")
        result = self.folder / "r.jsonl"
        lab.good("library", "rescreen", self.lib, "--out", result, *lab.signed("sun", "li"), "--why", "new version")
        digest = hashlib.sha256(result.read_bytes()).hexdigest()
        self.assertTrue(list((lab.lab / "papers").glob(f"{digest}*")))
        lab.good("lab", "check", "--lab", lab.lab)

    def test_a_lab_that_demands_signed_libraries_seals_with_no_other(self):
        lab = self.lab
        draft = json.loads(lab.good("lab", "profile", "--default"))
        draft["lab"] = {"name": {"zh": "某市物证快检室"}, "address": {"zh": "某路1号"}}
        draft["rules"]["signed_libraries"] = True
        (self.folder / "draft.json").write_text(json.dumps(draft))
        root = ["--root", lab.folder / "root.key", "--root-passphrase-file", lab.folder / "pass"]
        lab.good("lab", "profile", self.folder / "draft.json", *root, *lab.signed("sun", "li"))
        lab.case("intake", "wang", "--case", "C", "--item", "1", "--description", "碎片", "--condition", "完好",
                 "--from-person", "赵六", "--from-dept", "城南派出所", "--to-person", "王芳", "--to-dept", "快检室",
                 "--seal-no", "A1")
        lab.case("open", "wang", "--case", "C", "--item", "1", "--seal-no", "A1", second="li")
        path = self.spectrum("q.txt", points(ALPHA, seed=5))
        words = ["seal", path, "--laser-nm", 785, "--library", self.lib, "--only", "--case", "C", "--exhibit", "1",
                 *lab.signed("wang", ledger=True)]
        self.assertIn("demands signed libraries", lab.run(*words).stderr)
        lab.good(*words, status=5)
        self.sign()
        sealed = lab.json(*words)[0]["file"]
        self.assertIn(b'"signature":"signed"', pathlib.Path(sealed).read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=1)
