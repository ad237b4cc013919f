"""An IMDF archive (folder or zip) → features and a report of what is wrong, file by file.

Pure: no database. Nothing here raises for bad content: everything bad is a ``Finding``.
"""

import json
import lzma
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from maps.imdf.archive import Archive
from maps.imdf.features import features, follow_references, keep_near

#: Files this import reads; ``True`` where an archive without it cannot be imported.
READ = {
    "venue": True, "building": True, "level": True, "unit": True, "footprint": False,
    "address": False, "anchor": False, "occupant": False,
}  # fmt: skip
#: Files of the standard that have no place here: counted and left.
LEFT = {
    "amenity", "opening", "detail", "fixture", "geofence", "kiosk", "relationship", "section",
}  # fmt: skip
MANIFEST = "manifest"
#: What reading a damaged folder or zip may raise.
UNREADABLE = (
    OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
MOST_BYTES, MOST_FILES = 200 * 1024 * 1024, 100


def read(path) -> Archive:
    """Read folder or zip ``path``. Whatever is wrong stands in ``findings``."""
    archive = Archive()
    texts = _texts(Path(path), archive)
    if texts is None:
        return archive
    _manifest(texts.pop(MANIFEST, None), archive)
    for name, needed in READ.items():
        if name not in texts:
            severity = "error" if needed else "note"
            archive.add(severity, name, "file_missing", _("%s.geojson is missing.") % name)
            archive.features[name] = {}
            continue
        archive.features[name] = features(name, _json(name, texts.pop(name), archive), archive)
    for name in sorted(texts):
        known = name in LEFT
        if known:
            rows = features(name, _json(name, texts[name], archive), archive, shapes=False)
            archive.add("note", name, "left", _("%s features have no place here.") % len(rows))
        else:
            archive.add("warning", name, "file_unknown", _("Not a file of the standard; left."))
    for name in ("venue", "building", "level"):
        if READ[name] and not archive.features[name] and name in archive.counts:
            archive.add("error", name, "nothing_usable", _("No usable feature in this file."))
    follow_references(archive)
    keep_near(archive)
    return archive


def _texts(path, archive):
    """File name without ending → bytes, or None when nothing can be read."""
    try:
        if path.is_dir():
            files = {p.name: p for p in sorted(path.iterdir()) if p.is_file()}
            if sum(p.stat().st_size for p in files.values()) > MOST_BYTES:
                return archive.add("error", path.name, "too_large", _("More than 200 MB."))
            read_all = {name: p.read_bytes() for name, p in files.items() if _wanted(name)}
        elif path.is_file() and zipfile.is_zipfile(path):
            read_all = _unzip(path, archive)
            if read_all is None:
                return None
        elif not path.exists():
            return archive.add(
                "error", path.name, "not_there", _("There is no such file or folder.")
            )
        else:
            return archive.add(
                "error", path.name, "not_imdf", _("Neither a folder nor a zip archive.")
            )
    except UNREADABLE as error:
        return archive.add("error", path.name, "unreadable", _("Cannot be read: %s") % error)
    return {name.rsplit(".", 1)[0].lower(): data for name, data in read_all.items()}


def _wanted(name):
    return name.lower().endswith((".geojson", ".json"))


def _unzip(path, archive):
    """Files of the zip by base name; nothing is written to the disk, so names cannot escape."""
    with zipfile.ZipFile(path) as bundle:
        entries = [e for e in bundle.infolist() if not e.is_dir() and _wanted(e.filename)]
        entries = [e for e in entries if "__MACOSX" not in e.filename]
        if len(entries) > MOST_FILES or sum(e.file_size for e in entries) > MOST_BYTES:
            return archive.add("error", path.name, "too_large", _("More than 100 files or 200 MB."))
        found = {}
        for entry in entries:
            name = entry.filename.replace("\\", "/").rsplit("/", 1)[-1]
            if name in found:
                archive.add(
                    "warning",
                    name,
                    "file_twice",
                    _("Stands twice in the archive; the first counts."),
                )
                continue
            with bundle.open(entry) as file:
                found[name] = file.read(MOST_BYTES + 1)
        return found


def _json(name, data, archive):
    try:
        content = json.loads(data.decode("utf-8-sig"))
        # An escape such as "\\ud800" is half a character: JSON allows it, no database stores it.
        json.dumps(content, ensure_ascii=False).encode()
        return content
    except UnicodeError:
        archive.add("error", name, "encoding", _("Not UTF-8: save the file as UTF-8."))
    except (ValueError, RecursionError) as error:
        archive.add("error", name, "bad_json", _("Not valid JSON: %s") % error)
    return None


def _manifest(data, archive):
    if data is None:
        archive.add(
            "warning", MANIFEST, "file_missing", _("manifest.json is missing; version unknown.")
        )
        return
    content = _json(MANIFEST, data, archive)
    if not isinstance(content, dict):
        if content is not None:
            archive.add("warning", MANIFEST, "bad_shape", _("Not an object."))
        return
    archive.language = str(content.get("language", ""))[:20]
    if not str(content.get("version", "")).startswith("1.0"):
        archive.add(
            "warning",
            MANIFEST,
            "version",
            _("Version %s; 1.0.0 is understood.") % content.get("version"),
        )
