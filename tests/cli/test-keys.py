#!/usr/bin/env python3
"""Keys, the lab's root and profile, tokens, witnesses: as people and other programs meet them.

Usage: test-keys.py CELADON. What openssl can judge is judged by openssl.
"""
import json
import os
import pathlib
import pty
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

CELADON = sys.argv.pop(1)
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
PASSPHRASE = "correct horse 海关"
DISTID = ["-vfyopt", "distid:1234567812345678"]


def run(*arguments, expect=0, env=None):
    done = subprocess.run([CELADON, *map(str, arguments)], env=env or ENVIRONMENT, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], text=True, capture_output=True,
                          timeout=60)


class Lab(unittest.TestCase):
    """A lab of three people, founded with the program alone."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="celadon-keys-"))
        cls.lab = cls.folder / "lab"
        cls.secret = cls.folder / "pass"
        cls.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
        for name, person in (("head", "孙丽"), ("tech", "王芳"), ("review", "李强"),
                             ("ledger", "台账"), ("machine", "乙机")):
            run("key", "new", "--name", person, "--out", cls.key(name),
                "--passphrase-file", cls.secret)
        run("lab", "init", "--lab", cls.lab, "--name", "某市物证快检室", "--head", cls.key("head"),
            "--number", "P1", "--root", cls.key("root"), "--root-passphrase-file", cls.secret,
            "--head-passphrase-file", cls.secret)
        cls.certify("review", "reviewer", "--number", "P3")
        cls.certify("tech", "technician", "--number", "P2", *cls.two("head", "review"))
        cls.certify("ledger", "ledger", *cls.two("head", "review"))
        cls.certify("machine", "device")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def key(cls, name):
        return cls.folder / f"{name}.pem"

    @classmethod
    def certify(cls, name, role, *more):
        return run("key", "certify", "--root", cls.key("root"), "--root-passphrase-file",
                   cls.secret, "--role", role, cls.key(name), *more)

    @classmethod
    def two(cls, first, second):
        return ["--lab", cls.lab, "--key", cls.key(first), "--passphrase-file", cls.secret,
                "--second-key", cls.key(second), "--second-passphrase-file", cls.secret]

    def certificates(self, name):
        """The certificates in a key file, each in a file of its own."""
        text = self.key(name).read_text()
        parts = [p for p in text.split("-----BEGIN ") if p.startswith("CERTIFICATE")]
        paths = []
        for i, part in enumerate(parts):
            path = self.folder / f"{name}-{i}.crt"
            path.write_text("-----BEGIN " + part[:part.index("-----END")]
                            + "-----END CERTIFICATE-----\n")
            paths.append(path)
        return paths

    def test_openssl_accepts_what_the_root_issued(self):
        for path, signer_id in zip(self.certificates("tech"), (DISTID, [])):
            done = openssl("verify", *signer_id, "-CAfile", self.lab / "ca.pem", path)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = openssl("x509", "-in", self.certificates("tech")[0], "-noout", "-subject",
                       "-nameopt", "RFC2253,utf8,-esc_msb")
        self.assertIn("OU=technician", done.stdout)
        self.assertIn("serialNumber=P2", done.stdout)
        self.assertIn("CN=王芳", done.stdout)

    def test_openssl_refuses_a_self_signed_person(self):
        run("key", "new", "--name", "外人", "--out", self.key("stranger"), "--passphrase-file",
            self.secret)
        for path, signer_id in zip(self.certificates("stranger"), (DISTID, [])):
            self.assertNotEqual(
                openssl("verify", *signer_id, "-CAfile", self.lab / "ca.pem", path).returncode, 0)

    def test_the_ledger_lists_who_was_certified(self):
        rows = [json.loads(l) for l in
                run("key", "list", "--lab", self.lab, "--json").stdout.splitlines()]
        self.assertEqual([(r["what"], r["person_id"], r["role"]) for r in rows[:3]],
                         [("certified", "P1", "lab-head"), ("certified", "P2", "technician"),
                          ("certified", "", "ledger")])
        shown = json.loads(run("key", "list", self.key("tech"), "--json").stdout)
        self.assertEqual(shown["cert_sm2"], rows[1]["cert_sm2"])
        self.assertEqual(shown["lab"], "某市物证快检室")

    def test_certifying_needs_a_second_person_another_one(self):
        before = self.key("tech").read_bytes()
        for second in ([], ["--second-key", self.key("head"), "--second-passphrase-file",
                            self.secret]):
            done = run("key", "certify", "--root", self.key("root"), "--root-passphrase-file",
                       self.secret, "--role", "reviewer", "--number", "P2", self.key("tech"),
                       "--lab", self.lab, "--key", self.key("head"), "--passphrase-file",
                       self.secret, *second, expect=5)
            self.assertIn("second person", done.stderr)
        self.assertEqual(self.key("tech").read_bytes(), before)

    def test_a_persons_key_is_no_root(self):
        done = run("key", "certify", "--root", self.key("head"), "--root-passphrase-file",
                   self.secret, "--role", "reviewer", "--number", "P9", self.key("tech"), expect=5)
        self.assertIn("root", done.stderr)

    def test_certificates_travel_without_the_key(self):
        run("key", "new", "--name", "周九", "--out", self.key("new"), "--passphrase-file",
            self.secret)
        sent = self.folder / "new.cert"
        run("key", "export", self.key("new"), "--out", sent)
        self.assertNotIn("PRIVATE", sent.read_text())
        run("key", "certify", "--root", self.key("root"), "--root-passphrase-file", self.secret,
            "--role", "officer", "--number", "P7", sent)
        run("key", "install", self.key("new"), sent)
        self.assertEqual(json.loads(run("key", "list", self.key("new"), "--json").stdout)["role"],
                         "officer")
        run("key", "install", self.key("tech"), sent, expect=3)
        run("key", "install", sent, sent, expect=None)

    def test_a_revoked_key_works_no_more(self):
        run("key", "new", "--name", "吴十", "--out", self.key("lost"), "--passphrase-file",
            self.secret)
        self.certify("lost", "reviewer", "--number", "P8", *self.two("head", "review"))
        run("key", "revoke", *self.two("head", "review"), self.key("lost"), expect=2)
        run("key", "revoke", *self.two("head", "review"), "--why", "遗失", self.key("lost"))
        done = run("key", "revoke", *self.two("head", "lost"), "--why", "x", self.key("tech"),
                   expect=5)
        self.assertIn("revoked", done.stderr)

    def test_a_wrong_passphrase_is_a_refusal_and_says_so(self):
        wrong = self.folder / "wrong"
        wrong.write_text("wrong horse 海关\n", encoding="utf-8")
        done = run("key", "certify", "--root", self.key("root"), "--root-passphrase-file", wrong,
                   "--role", "device", self.key("machine"), expect=5)
        self.assertIn("passphrase", done.stderr)

    def test_the_profile_is_signed_recorded_and_shown(self):
        draft = json.loads(run("lab", "profile", "--default").stdout)
        draft["lab"] = {"name": {"zh": "某市物证快检室"}, "address": {"zh": "某路1号"}}
        path = self.folder / "draft.json"
        path.write_text(json.dumps(draft, indent=1), encoding="utf-8")
        root = ["--root", self.key("root"), "--root-passphrase-file", self.secret]
        run("lab", "profile", *root, *self.two("head", "review"), path)
        shown = json.loads(run("lab", "profile", "--lab", self.lab, "--json").stdout)
        self.assertEqual(shown["lab"]["name"]["zh"], "某市物证快检室")
        draft["rules"]["replicates_planned"] = 1
        path.write_text(json.dumps(draft), encoding="utf-8")
        done = run("lab", "profile", *root, *self.two("head", "review"), path, expect=3)
        self.assertIn("rules.replicates_planned", done.stderr)
        stored = self.lab / "profile.json"
        signed = stored.read_text(encoding="utf-8")
        stored.write_text(signed.replace("某路1号", "某路2号"), encoding="utf-8")
        run("lab", "profile", "--lab", self.lab, expect=3)
        stored.write_text(signed, encoding="utf-8")

    def test_a_lab_is_not_founded_twice(self):
        run("lab", "init", "--lab", self.lab, "--name", "某市物证快检室", "--head",
            self.key("head"), "--number", "P1", "--root", self.key("root"),
            "--root-passphrase-file", self.secret, "--head-passphrase-file", self.secret, expect=5)

    # ---- witnesses ----

    def head(self, name, *more):
        path = self.folder / name
        run("witness", "head", "--lab", self.lab, "--ledger-key", self.key("ledger"),
            "--ledger-passphrase-file", self.secret, "--out", path, *more)
        return path

    def test_another_machine_countersigns_and_the_verdict_says_so(self):
        head, word = self.head("head1.json"), self.folder / "word1.json"
        run("witness", "countersign", head, "--key", self.key("machine"), "--passphrase-file",
            self.secret, "--keep", self.folder / "kept", "--lab-roots", self.lab / "ca.pem",
            "--out", word)
        checked = run("witness", "check", head, "--lab", self.lab, "--lab-roots",
                      self.lab / "ca.pem", "--countersignature", word, "--witness-roots",
                      self.lab / "ca.pem", "--json")
        states = {l["id"]: l["state"] for l in json.loads(checked.stdout)["lines"]}
        self.assertEqual(states, {"head": "proven", "countersignature": "proven",
                                  "time": "not-proven", "ledger": "proven"})
        forged = self.folder / "forged.json"
        forged.write_text(word.read_text().replace('"size":', '"size":1'))
        run("witness", "check", head, "--countersignature", forged, expect=1)

    def test_a_time_stamp_of_openssls_authority_is_taken_and_verified(self):
        tsa = self.folder / "tsa"
        tsa.mkdir()
        self.make_authority(tsa)
        head, request = self.head("head2.json"), self.folder / "head2.tsq"
        reply, token = self.folder / "head2.tsr", self.folder / "head2.tst"
        run("witness", "request", head, "--out", request)
        done = openssl("ts", "-reply", "-queryfile", request, "-config", tsa / "tsa.cnf",
                       "-section", "tsa", "-out", reply)
        self.assertEqual(done.returncode, 0, done.stderr)
        run("witness", "token", reply, "--request", request, "--out", token)
        checked = run("witness", "check", head, "--token", token, "--tsa-roots", tsa / "root.pem",
                      "--json")
        states = {l["id"]: l["state"] for l in json.loads(checked.stdout)["lines"]}
        self.assertEqual(states["time"], "proven")
        done = openssl("ts", "-verify", "-data", head, "-token_in", "-in", token, "-CAfile",
                       tsa / "root.pem")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        unknown = run("witness", "check", head, "--token", token, "--json")
        self.assertIn('"not-proven"', unknown.stdout)
        run("witness", "check", self.head("head4.json", "--since", "1"), "--token", token,
            "--tsa-roots", tsa / "root.pem", expect=1)

    def make_authority(self, tsa):
        (tsa / "tsa.cnf").write_text(f"""
[tsa]
serial = {tsa}/serial
signer_cert = {tsa}/tsa.pem
signer_key = {tsa}/tsa.key
signer_digest = sha256
certs = {tsa}/root.pem
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = dn
[dn]
""", encoding="utf-8")
        (tsa / "serial").write_text("01\n")
        new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-days", "30", "-config", tsa / "tsa.cnf"]
        steps = [
            new + ["-subj", "/CN=TSA root", "-keyout", tsa / "root.key", "-out", tsa / "root.pem",
                   "-addext", "basicConstraints=critical,CA:TRUE"],
            new[:1] + new[2:6] + ["-nodes", "-config", tsa / "tsa.cnf", "-subj", "/CN=TSA",
                                  "-keyout", tsa / "tsa.key", "-out", tsa / "tsa.csr"],
            ["x509", "-req", "-in", tsa / "tsa.csr", "-CA", tsa / "root.pem", "-CAkey",
             tsa / "root.key", "-CAcreateserial", "-days", "30", "-extfile", tsa / "tsa.cnf",
             "-extensions", "leaf", "-out", tsa / "tsa.pem"],
        ]
        for step in steps:
            done = openssl(*step)
            self.assertEqual(done.returncode, 0, done.stderr)

    # ---- secrets ----

    def test_no_core_dump_and_a_passphrase_that_is_not_shown(self):
        out = self.key("typed")
        try:
            for end in pty.openpty():
                os.close(end)
        except OSError as why:
            self.skipTest(f"there is no terminal to type on: {why}")
        child, terminal = pty.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
            os.execve(CELADON, [CELADON, "key", "new", "--name", "A", "--out", str(out)],
                      ENVIRONMENT)
        shown = b""
        while b"Passphrase" not in shown:
            shown += os.read(terminal, 1024)
        limits = pathlib.Path(f"/proc/{child}/limits").read_text()
        core = next(l for l in limits.splitlines() if l.startswith("Max core file size"))
        self.assertEqual(core.split()[4:6], ["0", "0"])
        time.sleep(0.2)  # until the terminal's echo is off
        os.write(terminal, PASSPHRASE.encode() + b"\n")
        try:
            while True:
                data = os.read(terminal, 1024)
                if not data:
                    break
                shown += data
        except OSError:  # the terminal is gone with the program
            pass
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, shown)
        self.assertNotIn(b"horse", shown)
        run("key", "list", out)

    @unittest.skipUnless(shutil.which("softhsm2-util"), "SoftHSM2 is not installed")
    def test_a_key_on_a_token_is_made_certified_and_used(self):
        tokens = self.folder / "tokens"
        tokens.mkdir()
        config = self.folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
        # SoftHSM loses the name of its curve at each use and is gone before a leak check could name it.
        leaks = ENVIRONMENT.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        env = dict(ENVIRONMENT, SOFTHSM2_CONF=str(config), ASAN_OPTIONS=leaks)
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "card", "--so-pin",
                        "12345678", "--pin", PASSPHRASE], env=env, check=True,
                       capture_output=True)
        token = json.loads(run("key", "tokens", "--json", env=env).stdout.splitlines()[0])
        self.assertTrue(token["ed25519"])
        self.assertFalse(token["sm2"])
        run("key", "new", "--name", "持卡人", "--out", self.key("card"), "--token", token["uri"],
            "--passphrase-file", self.secret, env=env)
        run("key", "certify", "--root", self.key("root"), "--root-passphrase-file", self.secret,
            "--role", "device", self.key("card"), env=env)
        head = self.head("head5.json")
        run("witness", "countersign", head, "--key", self.key("card"), "--passphrase-file",
            self.secret, "--keep", self.folder / "kept5", "--out", self.folder / "word5.json",
            env=env)
        checked = run("witness", "check", head, "--countersignature", self.folder / "word5.json",
                      "--witness-roots", self.lab / "ca.pem", "--json")
        states = {l["id"]: l["state"] for l in json.loads(checked.stdout)["lines"]}
        self.assertEqual(states["countersignature"], "proven")


if __name__ == "__main__":
    unittest.main(verbosity=2)
