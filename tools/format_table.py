# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of format x sample x outcome that "tools/figures formats" prints.

Every sample is read by `celadon preview --rows`, which gives all points, and by the few lines of this
file, which know nothing of the engine: plain splitting of text, h5dump, the text export beside a
binary file. Deviations of positions are in the file's unit, those of intensities are relative to the
largest one.
"""
import bisect
import json
import re
import subprocess

ALL_ROWS = 2_000_000_000
RESAMPLED = 0.5  # positions that differ by more were made anew by the maker's program


def preview(program, path, spectrum):
    command = [program, "preview", "--json", "--rows", str(ALL_ROWS), "--spectrum", str(spectrum), path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 3) or not run.stdout:
        raise SystemExit(f"{path}: {run.stderr or run.returncode}")
    return json.loads(run.stdout)


# ---- truth by other means ----

def numbers(text):
    return [float(v) for v in text]


def lines_of(path):
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return raw.decode("latin-1").splitlines()


def two_columns(path):
    """Rows that are exactly two numbers, whatever stands between."""
    points = []
    for line in lines_of(path):
        cells = re.split(r"[\t;, ]+", line.strip())
        try:
            if len(cells) == 2:
                points.append(numbers(cells))
        except ValueError:
            pass
    return points


def titled(x, y, dark=None, start="Pixel", separator="[;,]", decimal="."):
    """Columns by their titles; rows with a blank or NA are no points."""
    def read(path):
        titles, points = None, []
        for line in lines_of(path):
            cells = [c.strip() for c in re.split(separator, line)]
            if titles is None and cells[0] == start:
                titles = cells
            elif titles is not None:
                row = dict(zip(titles, (c.replace(decimal, ".") for c in cells)))
                try:
                    value = float(row[y]) - (float(row[dark]) if dark else 0.0)
                    points.append([float(row[x]), value])
                except (ValueError, KeyError):
                    pass
        return points
    return read


BWTEK = titled("Raman Shift", "Raw data #1", "Dark", separator=";", decimal=",")
BWTEK_DARK_SUBTRACTED = titled("Raman Shift", "Dark Subtracted #1", separator=";", decimal=",")
NEEGALA = titled("Raman_Shift", "Raw_Data", "Background_Data", start="Pixels", separator=",")
ENLIGHTEN = titled("Wavenumber", "Processed", separator=",")


def text_beside(path):
    return two_columns(path.with_suffix(".txt"))


def openspecy(path):
    content = json.loads(path.read_text())
    return list(zip(content["wavenumber"], next(iter(content["spectra"].values()))))


def h5dump(path, dataset):
    out = subprocess.run(["h5dump", "-w", "0", "-y", "-d", dataset, path], capture_output=True, text=True,
                         check=True).stdout
    return numbers(re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", out[out.index("DATA {") + 6:out.rindex("}\n}\n")
                                                             if "}\n}\n" in out else None].split("ATTRIBUTE")[0]))


def nexus(path):
    group = "/ICV_TEST-2380eb4a-056a-57cd-8e1b-80fcc13b41b0/RAW_DATA/S0B_1/"
    return list(zip(h5dump(path, group + "Wavenumber"), h5dump(path, group + "Raman intensity")))


def spline(points, at):
    """The natural cubic spline through @points at the positions @at inside them."""
    x, y = zip(*points)
    n = len(x)
    h = [x[i + 1] - x[i] for i in range(n - 1)]
    upper, right = [0.0] * n, [0.0] * n
    for i in range(1, n - 1):
        slope = 6 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
        pivot = 2 * (h[i - 1] + h[i]) - h[i - 1] * upper[i - 1]
        upper[i], right[i] = h[i] / pivot, (slope - h[i - 1] * right[i - 1]) / pivot
    second = [0.0] * n
    for i in range(n - 2, 0, -1):
        second[i] = right[i] - upper[i] * second[i + 1]
    out = []
    for v in at:
        k = min(max(bisect.bisect(x, v), 1), n - 1)
        a, b = (x[k] - v) / h[k - 1], (v - x[k - 1]) / h[k - 1]
        out.append(a * y[k - 1] + b * y[k] +
                   ((a ** 3 - a) * second[k - 1] + (b ** 3 - b) * second[k]) * h[k - 1] ** 2 / 6)
    return out


def linear(points, at):
    x, y = zip(*points)
    out = []
    for v in at:
        k = min(max(bisect.bisect(x, v), 1), len(x) - 1)
        part = (v - x[k - 1]) / (x[k] - x[k - 1])
        out.append(y[k - 1] * (1 - part) + y[k] * part)
    return out


def jcamp_affn(path):
    """The intensities of an AFFN file in place, from its own numbers."""
    label, factor, values = {}, 1.0, []
    inside = False
    for line in lines_of(path):
        line = line.split("$$")[0].strip()
        if line.startswith("##"):
            key, _, value = line[2:].partition("=")
            label[key.strip()] = value.strip()
            inside = key.strip() == "XYDATA"
        elif inside:
            values += numbers(re.findall(r"[-+]?\d+\.?\d*(?:E[-+]?\d+)?", line))[1:]
    first, last, n = (float(label[k]) for k in ("FIRSTX", "LASTX", "NPOINTS"))
    factor = float(label["YFACTOR"])
    step = (last - first) / (n - 1)
    return sorted([first + i * step, v * factor] for i, v in enumerate(values))


def affn_beside(path):
    return jcamp_affn(path.with_name("BRUKAFFN.DX"))


# Below formats/: how the truth of a sample is found, and what that is called.
TRUTHS = [
    (r"BWTEK/PST.*\.spc", lambda p: BWTEK_DARK_SUBTRACTED(p.with_suffix(".txt")),
     "the text beside it, dark subtracted; the maker's program resampled to 1 cm-1"),
    (r"BWTEK/.*\.txt", BWTEK, "its own columns: raw less dark"),
    (r"(InVia|Ren).*\.spc", text_beside,
     "the text beside it; the maker's program resampled to even steps"),
    (r"Ren.*\.wdf", text_beside, "the text beside it (6 or 9 digits)"),
    (r"Neegala/", NEEGALA, "its own columns: raw less background"),
    (r"jdx/BRUK(AFFN|PAC|SQZ)", affn_beside, "the numbers of BRUKAFFN.DX"),
    (r"nexus/", nexus, "h5dump"),
    (r"\.json$", openspecy, "Python's json"),
    (r"\.(txt|tsv|csv)$", two_columns, "its own two columns"),
]

SETS = [
    ("ramanchada2 (B&W Tek)", "ramanchada2/*BW*/*.txt", BWTEK),
    ("ramanchada2 (Horiba)", "ramanchada2/*Ho785*/*.txt", two_columns),
    ("arcadia_acetonitrile (Horiba)", "arcadia_acetonitrile/Horiba*/*.txt", two_columns),
    ("arcadia_acetonitrile (Wasatch)", "arcadia_acetonitrile/Wasatch*/*.csv", ENLIGHTEN),
    ("rruff/original_txt", "rruff/original_txt/*.txt", two_columns),
    ("rruff_raw_processed_pairs_514", "rruff_raw_processed_pairs_514/*.txt", two_columns),
    ("wasatch_enlighten_785", "wasatch_enlighten_785/**/*.csv", ENLIGHTEN),
    ("mpx_weathered_plastics", "mpx_weathered_plastics/spectra/*.csv", two_columns),
    ("bone_uwolfram", "bone_uwolfram/*.txt", two_columns),
]


# ---- comparing ----

def resampled(rows, truth, largest):
    """The way of interpolation that comes nearest: ("linear", largest deviation, median)."""
    inside = [r for r in rows if truth and truth[0][0] <= r[0] <= truth[-1][0]]
    if len(inside) < 2 or len(truth) < 3:
        return None
    found = []
    for way in (linear, spline):
        values = way(truth, [x for x, _ in inside])
        apart = sorted(abs(v - y) / largest for v, (_, y) in zip(values, inside))
        found.append((apart[-1], apart[len(apart) // 2], way.__name__))
    worst, median, name = min(found)
    return f"resampled ({name}; median of y {median:.0e})", worst


def deviation(rows, truth):
    """(largest of positions, largest of intensities); None when the points do not pair."""
    truth = sorted(truth)
    largest = max(abs(y) for _, y in rows) or 1.0
    uneven = max((abs(a[0] - b[0]) for a, b in zip(rows, truth)), default=0.0)
    if len(truth) != len(rows) or uneven > RESAMPLED:
        return resampled(rows, truth, largest)
    return uneven, max(abs(a[1] - b[1]) for a, b in zip(rows, truth)) / largest


def figure(value):
    return value if isinstance(value, str) else "0" if value == 0 else f"{value:.1e}"


def sample_rows(program, root):
    for path in sorted(p for p in root.rglob("*") if p.is_file() and "LICENSE" not in p.name):
        name = path.relative_to(root).as_posix()
        found = preview(program, path, 1)
        if "error" in found:
            yield [name, "refused", found["error"].removeprefix(f"{path}: "), "", "", ""]
            continue
        outcome = f"{found['spectra']} spectra" if found["spectra"] > 1 else "read"
        if found["kind"] not in ("raman", "unknown"):
            outcome = f"shown, not matched: {found['kind_text'] or found['kind']}"
        if found["warnings"]:
            odd = [w for w in found["warnings"] if "line" in w or "byte" in w]
            outcome += f"; {len(odd)} warnings" if odd else ""
        truth, said = next(((t, s) for pattern, t, s in TRUTHS if re.search(pattern, name)), (None, "none here"))
        compared = deviation(found["rows"], truth(path)) if truth else None
        yield [name, found["format"], f"{found['points']} points, {found['axis_unit']}; {outcome}",
               figure(compared[0]) if compared else "", figure(compared[1]) if compared else "", said]


def set_rows(program, data):
    for title, pattern, truth in SETS:
        read, refused, positions, intensities, formats = 0, {}, 0.0, 0.0, set()
        paths = sorted(data.glob(pattern))
        for path in paths:
            found = preview(program, path, 1)
            if "error" in found:
                reason = re.sub(r"line \d+: ", "", found["error"].removeprefix(f"{path}: "))
                refused[reason] = refused.get(reason, 0) + 1
                continue
            compared = deviation(found["rows"], truth(path))
            if compared is None:
                raise SystemExit(f"{path}: the points of both readings do not pair")
            read += 1
            formats.add(found["format"])
            positions, intensities = max(positions, compared[0]), max(intensities, compared[1])
        said = "; ".join(f"{n} refused: {reason}" for reason, n in refused.items()) or "-"
        yield [title, ", ".join(sorted(formats)), f"{read} of {len(paths)}", said, figure(positions),
               figure(intensities)]


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |", flush=True)


def format_rows(program):
    out = subprocess.run([program, "preview", "--formats", "--json"], capture_output=True, text=True,
                         check=True, env={"LC_ALL": "C"}).stdout
    for line in out.splitlines():
        row = json.loads(line)
        yield [f"`{row['format']}`", row["format_title"], row["written_as"] or "-", row["validated_on"]]


def run(program, data):
    table(["id", "format", "written as", "tried on"], format_rows(program))
    print()
    table(["sample", "format", "outcome", "largest deviation of x", "of y / max", "compared with"],
          sample_rows(program, data / "formats"))
    print()
    table(["set", "format", "read", "refused", "largest deviation of x", "of y / max"],
          set_rows(program, data))
    return 0
