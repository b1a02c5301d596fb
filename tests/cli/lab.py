"""A laboratory on disk, for tests of the program as a lab uses it: its folder, its people and their keys.

Founding one takes seconds (scrypt opens every key anew), so it is made once and copied for each test.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

PASSPHRASE = "a long enough passphrase"
# name, role, number in the lab
PEOPLE = {"zhao": ("赵六", "officer", "0412"), "wang": ("王芳", "technician", "P0017"),
          "li": ("李强", "reviewer", "P0018"), "ledger": ("台账", "ledger", None)}
# The smallest picture there is: eight bytes of signature and one of content.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


class Lab:
    def __init__(self, celadon, folder, training=True):
        self.celadon, self.folder, self.training = celadon, pathlib.Path(folder), training
        self.lab = self.folder / "lab"

    def run(self, *args, **options):
        environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
        return subprocess.run([self.celadon, *map(str, args)], capture_output=True, text=True, timeout=300,
                              env=environment, cwd=self.folder, **options)

    def good(self, *args, status=0):
        result = self.run(*args)
        assert result.returncode == status, (args, result.returncode, result.stderr, result.stdout)
        return result.stdout

    def json(self, *args, status=0):
        return [json.loads(line) for line in self.good(*args, "--json", status=status).splitlines()]

    def key(self, who):
        return self.folder / f"{who}.key"

    def signed(self, who, second=None, ledger=False):
        words = ["--lab", self.lab, "--key", self.key(who), "--passphrase-file", self.folder / "pass"]
        if second:
            words += ["--second-key", self.key(second), "--second-passphrase-file", self.folder / "pass"]
        if ledger:
            words += ["--ledger-key", self.key("ledger"), "--ledger-passphrase-file", self.folder / "pass"]
        return words

    def found(self):
        training = ["--training"] if self.training else []
        (self.folder / "pass").write_text(PASSPHRASE + "\n")
        root = ["--root", self.folder / "root.key", "--root-passphrase-file", self.folder / "pass"]
        for who, name in [("sun", "孙丽"), *((w, p[0]) for w, p in PEOPLE.items())]:
            self.good("key", "new", "--name", name, "--out", self.key(who), *training,
                      "--passphrase-file", self.folder / "pass")
        self.good("lab", "init", "--lab", self.lab, "--name", "某市物证快检室", *root, *training, "--head",
                  self.key("sun"), "--head-passphrase-file", self.folder / "pass", "--number", "P0001")
        for who, (_, role, number) in PEOPLE.items():
            self.good("key", "certify", self.key(who), "--role", role, *root,
                      *(["--number", number] if number else []))
        return self

    # ---- the day's words ----

    def case(self, word, who, *args, second=None, status=0):
        return self.run_case(word, *self.signed(who, second), *args, status=status)

    def run_case(self, word, *args, status=0):
        return self.json("case", word, *args, status=status)

    def photo(self, name="p.png"):
        path = self.folder / name
        path.write_bytes(PNG + name.encode())
        return path

    def shoot(self, sample, seed, kind="replicate", item="1", who="wang", case="2026-0113", out=None, frames=3,
              drift_nm=0, more=()):
        path = self.folder / (out or f"{kind}-{item}-{seed}.h5")
        exhibit = ["--case", case, "--exhibit", item] if kind == "replicate" else []
        self.good("acquire", "--device", "simulated:785", "--settings", f"sample={sample},seed={seed},laser_drift_nm={drift_nm}",
                  "--integration-ms", 200, "--frames", frames, "--out", path, "--kind", kind, *exhibit,
                  *more, *self.signed(who))
        return path

    def check(self, kind, seed, drift_nm=0, who="wang", lot="PS-2"):
        """The performance check with the simulated disc; the laser has moved by @drift_nm."""
        path = self.shoot("polystyrene", seed, kind="check", drift_nm=drift_nm)
        closing = ["--closing"] if kind == "closing" else []
        return self.json("qualify", "--standard", "polystyrene", "--lot", lot, *closing, path, *self.signed(who),
                         status=1 if drift_nm else 0)[0]


def copied(made, folder):
    """A copy of the lab @made in @folder."""
    shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    return Lab(made.celadon, folder, made.training)


def branch(made):
    """A copy in a folder of its own that lives as long as the result."""
    folder = tempfile.TemporaryDirectory(prefix="celadon-lab ")
    lab = copied(made, folder.name)
    lab.holder = folder
    return lab


def founded(celadon, training=True):
    """A lab in a folder of its own that lives as long as the result."""
    folder = tempfile.TemporaryDirectory(prefix="celadon-lab ")
    lab = Lab(celadon, folder.name, training)
    lab.holder = folder
    return lab.found()
