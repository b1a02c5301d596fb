# SPDX-License-Identifier: GPL-3.0-or-later
"""Works the window as a person does: looks at what AT-SPI tells, presses, types, points, and counts.

Run by with-display and dbus-run-session with /usr/bin/python3 (python3-gi, gir1.2-atspi-2.0, xdotool).
Where a widget has an accessible action it is used; where it has none, the real pointer is (xdotool).
"""
import contextlib
import gettext
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

Atspi.set_timeout(10000, 15000)  # ms; a busy machine is no window that is gone

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("CELADON_BUILD", TOP / "build"))
PASSPHRASE = "practice"
PATIENCE_S = int(os.environ.get("CELADON_PATIENCE_S", "20"))  # more on a machine that is not idle
STRIP_PX = 50  # the lower end of the window, which covers the page
CONTROLS = {"push button", "toggle button", "check box", "radio button", "text", "password text", "combo box",
            "slider", "spin button", "entry", "link", "menu item"}
PRESSED = {"push button", "toggle button", "check box", "radio button", "menu item"}


class Lost(Exception):
    """What a person would look for is not there."""


def nodes(node):
    """The node and everything below it that is shown."""
    if node is None:
        return
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None and child.get_state_set().contains(Atspi.StateType.VISIBLE):
            yield from nodes(child)


def length_of(node):
    """Characters in an entry, dots of a passphrase too; None where it does not tell or is gone."""
    with contextlib.suppress(GLib.Error):
        if node.get_text_iface() is not None:
            return Atspi.Text.get_character_count(node)
    return None


def is_enabled(node):
    return node.get_state_set().contains(Atspi.StateType.SENSITIVE)


def text_of(node):
    name = node.get_name()
    if node.get_role_name() in ("label", "text", "entry", "static") and node.get_text_iface() is not None:
        n = Atspi.Text.get_character_count(node)
        return Atspi.Text.get_text(node, 0, n) or name
    return name


def in_list(node):
    """Not among the choices of a combo box, whose rows are the toolkit's own."""
    while node is not None and node.get_role_name() != "combo box":
        node = node.get_parent()
    return node is None


def fits(name, text):
    """Whether the text is that name, or holds that pattern."""
    return bool(name.search(text or "")) if isinstance(name, re.Pattern) else text == name


def xdotool(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True, stdout=subprocess.DEVNULL)


class Journey:
    """One window, one person, one language. Use as a context; everything it made goes with it."""

    def __init__(self, language="en", lab=None, settings=None, usb=(), env=None, command=None):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="celadon-journey-"))
        self.lab = pathlib.Path(lab) if lab else self.base / "lab"
        self.language, self.usb, self.process = language, usb, None
        self.touches = {"press": 0, "hold": 0, "type": 0, "key": 0}
        self.app_path = command or [str(BUILD / "ui/celadon-app")]
        self.control = self.base / "usb-control"
        self.env = {**os.environ, "LANGUAGE": language, "LC_ALL": "C.UTF-8", "GTK_A11Y": "atspi",
                    "GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": str(self.base / "config"),
                    "XDG_DATA_HOME": str(self.base / "data"), "G_DEBUG": "", **(env or {})}
        self.settings = settings or {}
        self._catalogue = gettext.translation("celadon", BUILD / "po", ["zh_CN"], fallback=language != "zh_CN")
        self.log = self.base / "log.txt"

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and kind is not SystemExit:
            self.tell()
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def say(self, message, chinese=None):
        """The message in the language of the window; @chinese: of a text that comes from a table of the
        engine and not from the catalogue."""
        if self.language != "zh_CN":
            return message
        return chinese or self._catalogue.gettext(message)

    # ---- the process ----

    def _write_settings(self):
        folder = self.base / "config/glib-2.0/settings"
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["[org/celadon/Celadon]"] + [f"{key}={value}" for key, value in self.settings.items()]
        (folder / "keyfile").write_text("\n".join(lines) + "\n")

    def start(self, *files, fresh=True):
        """Opens the window and waits until it is there. Returns the seconds that took."""
        if fresh:
            self._write_settings()
        command = [*self.app_path, *map(str, files)]
        if self.usb:
            command = [str(BUILD / "tests/sim-usb/celadon-usb-sim"), "--control", str(self.control), *self.usb,
                       "--", *command]
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, env=self.env, cwd=self.base, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        self.until(lambda: self.root() is not None, "the window opens")
        return time.monotonic() - began

    def root(self):
        """What AT-SPI shows of the application."""
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app is not None and app.get_child_count() > 0 and "celadon" in (app.get_name() or "").lower():
                return app
        return None

    def pid(self):
        root = self.root()
        return root.get_process_id() if root else None

    def kill(self, how=signal.SIGKILL):
        """Takes the application away as a power cut does; waits until it is gone."""
        pid = self.pid()
        os.kill(pid, how)
        self.process.wait(timeout=30)
        self.until(lambda: self.root() is None, "the window is gone")

    def stop(self):
        """Ends it, gently first."""
        if self.process is None or self.process.poll() is not None:
            return
        with contextlib.suppress(Exception):
            os.kill(self.pid(), signal.SIGTERM)
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    # ---- looking ----

    def until(self, condition, what, patience=PATIENCE_S):
        """Waits for the condition and returns what it gives."""
        end = time.monotonic() + patience
        while True:
            began = time.monotonic()
            with contextlib.suppress(GLib.Error):  # a node went away while it was looked at
                found = condition()
                if found:
                    return found
            if self.process is not None and self.process.poll() not in (None, 0):
                raise Lost(f"{what}: the application ended with {self.process.returncode}")
            if time.monotonic() > end:
                raise Lost(f"not within {patience} s: {what}")
            time.sleep(max(0.03, time.monotonic() - began))  # looking takes the window's time too

    def soon(self, condition, patience=3):
        """Whether it comes true within a few seconds."""
        with contextlib.suppress(Lost):
            return bool(self.until(condition, "soon", patience))
        return False

    def shown(self):
        root = self.root()
        if root is None:
            return []
        root.clear_cache()
        return list(nodes(root))

    def look(self, name, roles=None):
        """The first shown node of that name (text, or a compiled pattern), or None."""
        for node in self.shown():
            if roles and node.get_role_name() not in roles:
                continue
            if fits(name, text_of(node)):
                return node
        return None

    def find(self, name, roles=None, patience=PATIENCE_S):
        """Waits until a node of that name is shown."""
        return self.until(lambda: self.look(name, roles), f'"{name}" is shown', patience)

    def button(self, message, patience=PATIENCE_S, enabled=True):
        """The button with that message, in the window's language, when it may be pressed."""
        name = message if isinstance(message, re.Pattern) else self.say(message)

        def usable():
            for node in self.shown():
                if node.get_role_name() in PRESSED and is_enabled(node) == enabled and fits(name, text_of(node)):
                    return node
            return None
        return self.until(usable, f'button "{name}" can be pressed', patience)

    def texts(self):
        return [text for text in (text_of(node) for node in self.shown()) if text]

    def reads(self, message, patience=PATIENCE_S):
        """Waits until a text with the message in it stands in the window."""
        wanted = message if isinstance(message, re.Pattern) else re.compile(re.escape(self.say(message)))
        return self.until(lambda: next((t for t in self.texts() if wanted.search(t)), None),
                          f'"{wanted.pattern}" can be read', patience)

    def box(self, node):
        try:
            place = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
        except GLib.Error:
            return 0, 0, 0, 0  # a page of a stack is no widget
        return place.x, place.y, place.width, place.height

    def controls(self):
        """(role, name, width, height) of everything that is touched and can be seen."""
        for node in self.shown():
            with contextlib.suppress(GLib.Error):  # it went away meanwhile
                role = node.get_role_name()
                states = node.get_state_set()
                if role not in CONTROLS and not (role == "list item" and in_list(node)
                                                 and states.contains(Atspi.StateType.FOCUSABLE)):
                    continue
                _, _, width, height = self.box(node)
                if width > 0 and height > 0:
                    yield role, text_of(node) or node.get_description(), width, height

    # ---- acting ----

    def press(self, what, patience=PATIENCE_S):
        """Presses a button by its accessible action, else with the pointer."""
        node = what if isinstance(what, Atspi.Accessible) else self.button(what, patience)
        names = []
        if node.get_action_iface() is not None:
            names = [Atspi.Action.get_action_name(node, i) for i in range(Atspi.Action.get_n_actions(node))]
        for name in ("click", "toggle"):
            if name in names:
                self.touches["press"] += 1
                Atspi.Action.do_action(node, names.index(name))
                return node
        return self.point(node)

    def _scroll_to(self, node):
        """By the wheel, at the lower end of the page, where rows are and no plot is."""
        _, _, width, height = self.box(self.root().get_child_at_index(0))
        for _ in range(40):
            x, y, own_width, own_height = self.box(node)
            if y + own_height < height - STRIP_PX:
                return
            xdotool("mousemove", x + own_width // 2, height - 2 * STRIP_PX, "click", 5)
            time.sleep(0.1)

    def _to(self, node):
        self._scroll_to(node)
        x, y, width, height = self.box(node)
        xdotool("mousemove", x + width // 2, y + height // 2)

    def point(self, node):
        """A click of the real pointer in the middle of it."""
        self._to(node)
        self.touches["press"] += 1
        xdotool("click", 1)
        return node

    def hold(self, node, seconds):
        """Pointer down, wait, up."""
        self._to(node)
        self.touches["hold"] += 1
        xdotool("mousedown", 1)
        time.sleep(seconds)
        xdotool("mouseup", 1)

    def choose(self, name, patience=PATIENCE_S):
        """A row of a list."""
        return self.point(self.find(name, {"list item", "table row", "table cell"}, patience))

    def write(self, node, text):
        """Types into it with real keys."""
        self.point(node)
        self.touches["press"] -= 1
        self.touches["type"] += 1
        before = length_of(node)
        xdotool("type", "--delay", 40, text)  # as a quick person: a busy display loses faster keys
        if before == 0 and not self.soon(lambda: length_of(node) in (len(text), None)):
            # Keys were lost on the way here: a person sees it by the dots and types again.
            xdotool("key", "ctrl+a")
            xdotool("type", "--delay", 150, text)

    def key(self, *names):
        self.touches["key"] += 1
        xdotool("key", *names)

    def _focused_entry(self):
        return next((node for node in self.shown() if node.get_role_name() == "entry"
                     and node.get_state_set().contains(Atspi.StateType.FOCUSED)), None)

    @staticmethod
    def _type(text, entry):
        """Into the entry that has the focus; what no key writes comes from an input method."""
        if text.isascii():
            xdotool("type", "--delay", 40, text)
        else:
            Atspi.EditableText.set_text_contents(entry, text)

    def _unfolded(self, message):
        """What is told of the choices of a combo box, nothing while they are folded."""
        box = self.look(self.say(message), {"combo box"})
        return next(([text_of(part) for part in nodes(node)] for node in nodes(box)
                     if node.get_name() == "GtkPopover"), [])

    def pick(self, message, choice, search=False):
        """A choice of a combo box, by keys; @search: of a list so long that it is typed for."""
        self.point(self.find(self.say(message), {"combo box"}))
        names = self.until(lambda: self._unfolded(message), f'the choices of "{message}" unfold')
        if search:
            self._type(choice, self.until(self._focused_entry, "one can type"))
            self.until(lambda: self._unfolded(message).count(choice) > 1, f'"{choice}" is found')
            self.key("Down", "Return")
        else:
            names = [name for name in names if name and not name.startswith("Gtk")]
            self.key("Home", *["Down"] * names.index(choice), "Return")
        self.until(lambda: not self._unfolded(message), f'the choices of "{message}" fold up')

    def save_as(self, name, path):
        """In the toolkit's dialog, which proposes a name that fits @name."""
        self.find(name, {"text"})
        self.key("ctrl+a")
        xdotool("type", "--delay", 40, path)
        self.key("Return")
        self.until(lambda: self.look(name, {"text"}) is None, "the dialog closes")

    def change_person(self, person):
        """Whoever is signed in leaves the machine to the next."""
        self.press("Main menu")
        self.press("Sign out")
        self.sign_in(person)

    def picture(self, path):
        subprocess.run(["import", "-window", "root", str(path)], check=False)

    def tell(self):
        """What was to be seen when it went wrong."""
        print("the application's state:", self.process and self.process.poll(), file=sys.stderr)
        with contextlib.suppress(Exception):
            print("in view:", " | ".join(self.texts())[:3000], file=sys.stderr)
        with contextlib.suppress(Exception):
            print(self.log.read_text(errors="replace")[-3000:], file=sys.stderr)
        if os.environ.get("CELADON_JOURNEY_PICTURES"):
            self.picture(pathlib.Path(os.environ["CELADON_JOURNEY_PICTURES"]) / "lost.png")

    def paper(self, form):
        """The pattern of the button that opens that paper in the language of the window."""
        name = self.say("%s, %s") % (self.say(form), "中文" if self.language == "zh_CN" else "English")
        return re.compile("^" + re.escape(name))

    # ---- what every journey does ----

    def found_lab(self, worked=False):
        """A practice lab in self.lab, without the window; @worked: in which some weeks of work were done."""
        subprocess.run([str(BUILD / "tests/ui/make-practice-lab"), str(self.lab), *(["worked"] if worked else [])],
                       env=self.env, check=True)
        self.settings["lab-folder"] = f"'{self.lab}'"

    def sign_in(self, person, passphrase=PASSPHRASE):
        """From the sign-in page, by the name on the tile."""
        self.choose(self.say(person) if isinstance(person, str) else person)
        self.write(self.until(lambda: self._passphrase(), "a passphrase can be typed"), passphrase)
        self.press("Sign in")

    def _passphrase(self):
        for node in self.shown():
            if node.get_role_name() in ("text", "password text", "entry") and is_enabled(node):
                return node
        return None


def too_small(journey, least, controls=None):
    """The controls in view that are smaller than @least pixels. Which rows of a list are touched AT-SPI does not
    say: page-check.c measures those."""
    return [f"{role} {name!r}: {width} x {height}" for role, name, width, height in controls or journey.controls()
            if role != "list item" and (width < least or height < least)]


def twice_named(journey, controls=None):
    """What is called "X X": GTK joins the name that was given with the label it found itself."""
    return [f"{role} {name!r} is said twice" for role, name, _, _ in controls or journey.controls()
            if name and len(name) > 2 and name[len(name) // 2] == " " and name[:len(name) // 2]
            == name[len(name) // 2 + 1:]]


def nameless(journey, controls=None):
    """The controls, rows of lists too, that are called after their type: GTK does so when nobody gave them a name.
    The eye of libadwaita's passphrase row is called by its description."""
    return [f"{role} {name!r} has no name" for role, name, _, _ in controls or journey.controls()
            if not name or re.match("(Gtk|Adw|Cel)[A-Z]", name) and name != "GtkImage"]


def page_faults(journey, least):
    """All of these, of what is in view now, looked at once."""
    controls = list(journey.controls())
    return too_small(journey, least, controls) + twice_named(journey, controls) + nameless(journey, controls)
