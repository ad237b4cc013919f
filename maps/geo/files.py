"""Files in: GeoPackage, GeoJSON and zipped Shapefile through pyogrio. Nothing is interpreted yet."""

import json
import logging
import tempfile
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pyogrio
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError

from maps.geo.columns import LAYERS
from parks.errors import RuleViolation

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
MOST_FEATURES = 20_000
SUFFIXES = (".gpkg", ".geojson", ".json", ".zip")
logging.getLogger("pyogrio").setLevel(logging.ERROR)


class FileUnreadable(RuleViolation):
    """Not a file that can be read; the message says what to hand in instead."""

    code = "file_unreadable"


class FileTooLarge(FileUnreadable):
    code = "too_large"


class FileKindUnknown(FileUnreadable):
    code = "file_kind_unknown"


@dataclass
class Source:
    """One layer of a file as it stands in it: ``frame`` has the coordinates as written.

    ``declared``: what the file says of its coordinate system (``EPSG:4547``, or other words), "" when it says
    nothing. ``layers``: names of all layers. ``notes``: what was noticed while reading.
    """

    frame: gpd.GeoDataFrame
    declared: str
    layers: list[str]
    layer: str
    notes: list[str] = field(default_factory=list)


def read(path, *, layer="", wanted="") -> Source:
    """The layer named ``layer`` of the file at ``path``; by default the one named ``wanted``, else the first.

    Raises ``FileUnreadable``, ``FileTooLarge`` or ``FileKindUnknown``.
    """
    path = Path(path)
    if path.stat().st_size > MOST_BYTES:
        raise FileTooLarge(_("The file is larger than 50 MB. Hand in fewer layers or areas."))
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"PK\x03\x04"):
        with tempfile.TemporaryDirectory() as folder:
            found = _unpacked(path, Path(folder))
            names = [one.stem for one in found]
            stem = layer if layer in names else wanted if wanted in names else names[0]
            source = _read(found[names.index(stem)], layer, wanted)
            if len(found) > 1:
                source.layers, source.layer = names, stem
                source.notes.append(_several(names, stem))
            return source
    if head.startswith(b"SQLite format 3\x00"):
        return _read(path, layer, wanted, suffix=".gpkg")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read(path, layer, wanted, suffix=".geojson")
    raise FileKindUnknown(
        _("This is no GeoPackage, GeoJSON or zipped Shapefile. Export the layer as one of these.")
    )


def _several(layers, chosen):
    return _("The file has the layers %(layers)s; this is %(layer)s.") % {
        "layers": ", ".join(layers),
        "layer": chosen,
    }


def _unpacked(path, folder) -> list[Path]:
    """The shapefiles, GeoPackages or GeoJSON inside a zip, unpacked into ``folder``."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in files) > MOST_UNPACKED:
                raise FileTooLarge(_("The unpacked file is larger than 300 MB."))
            found = []
            for info in files:
                name = Path(info.filename.replace("\\", "/")).name
                if name.startswith((".", "._")) or "__MACOSX" in info.filename:
                    continue
                target = folder / name
                target.write_bytes(archive.read(info))
                if target.suffix.lower() in (".shp", ".gpkg", ".geojson", ".json"):
                    found.append(target)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise FileUnreadable(_("The zip is damaged or locked. Pack the files again.")) from None
    if not found:
        raise FileUnreadable(
            _("The zip holds no shapefile. Pack .shp, .shx, .dbf and .prj together.")
        )
    for shape in found:
        _complete(shape, folder)
    return sorted(found)


def _complete(shape, folder):
    """A shapefile is several files; one without the others cannot be read."""
    if shape.suffix.lower() != ".shp":
        return
    have = {one.suffix.lower() for one in folder.iterdir() if one.stem == shape.stem}
    if lacking := [suffix for suffix in (".shx", ".dbf") if suffix not in have]:
        raise FileUnreadable(
            _("The shapefile lacks its %(files)s. Pack .shp, .shx, .dbf and .prj together."),
            files=", ".join(lacking),
        )


def _read(path, layer, wanted, *, suffix=None) -> Source:
    if suffix and path.suffix.lower() != suffix:
        with tempfile.TemporaryDirectory() as folder:
            named = Path(folder) / f"file{suffix}"
            named.write_bytes(path.read_bytes())
            return _read(named, layer, wanted)
    options, notes = {}, []
    if path.suffix.lower() == ".shp":
        options["encoding"], note = encoding_of(path)
        notes += [note] if note else []
    try:
        # What GDAL only wonders about is judged below by what it read.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return _layer(path, layer, wanted, options, notes)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError):
        raise FileUnreadable(
            _("The file cannot be read: it is damaged or cut off. Export it again.")
        ) from None


def _layer(path, layer, wanted, options, notes) -> Source:
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if not layers:
        raise FileUnreadable(_("No layer of the file has shapes."))
    if path.suffix.lower() != ".gpkg":
        layer = ""  # of the other kinds each file is one layer
    if layer and layer not in layers:
        raise FileUnreadable(
            _("The file has no layer %(layer)s; it has %(layers)s."),
            layer=layer, layers=", ".join(layers),
        )  # fmt: skip
    chosen = layer or (wanted if wanted in layers else layers[0])
    info = pyogrio.read_info(path, layer=chosen, force_feature_count=True, **options)
    if info["features"] > MOST_FEATURES:
        raise FileTooLarge(
            _("The layer has %(n)s features; at most %(most)s are taken at once."),
            n=info["features"], most=MOST_FEATURES,
        )  # fmt: skip
    frame = pyogrio.read_dataframe(
        path, layer=chosen, fid_as_index=False, on_invalid="ignore", **options
    )
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FileUnreadable(_("The layer %(layer)s has no shapes."), layer=chosen)
    if len(layers) > 1:
        notes.append(_several(layers, chosen))
    declared = "" if frame.crs is None else frame.crs.to_string()
    if frame.crs is not None and (code := frame.crs.to_epsg(min_confidence=60)):
        declared = f"EPSG:{code}"
    if path.suffix.lower() in (".geojson", ".json"):
        declared, note = _geojson_crs(path, declared)
        notes += [note] if note else []
    if wanted and "layer" in frame and set(frame["layer"].dropna()) <= set(LAYERS):
        frame = frame[frame["layer"] == wanted].drop(columns="layer").reset_index(drop=True)
    frame = frame.set_crs(None, allow_override=True)
    return Source(frame, declared, layers, chosen, notes)


def _geojson_crs(path, read_as) -> tuple[str, str]:
    """GeoJSON is WGS 84 by its standard; an old ``crs`` member may say otherwise."""
    text = json.loads(path.read_text(encoding="utf-8-sig"))
    member = text.get("crs")
    if member is None:
        return "EPSG:4326", ""
    name = str((member.get("properties") or {}).get("name", "")) if isinstance(member, dict) else ""
    if name.upper().endswith("CRS84"):
        return "EPSG:4326", ""
    return read_as, _("The file carries the outdated member crs: %(name)s.") % {"name": name[:80]}


def encoding_of(shape: Path) -> tuple[str, str]:
    """The encoding of a shapefile's table, and what to say about it.

    ``.cpg`` is believed when the texts can be read so; without one UTF-8 is tried, then GB18030.
    """
    beside = {one.suffix.lower(): one for one in shape.parent.iterdir() if one.stem == shape.stem}
    said = beside[".cpg"].read_text("ascii", "replace").strip() if ".cpg" in beside else ""
    table = beside[".dbf"].read_bytes()
    if said and _readable(table, said):
        return said, ""
    for encoding, name in (("UTF-8", "UTF-8"), ("GB18030", "GBK (GB18030)")):
        if _readable(table, encoding):
            if said:
                note = _("The .cpg says %(said)s, but the texts are %(name)s; read as such.")
            else:
                note = _("Without a .cpg file: the texts are %(name)s; read as such.")
            plain_ascii = _readable(table, "ascii")
            return encoding, "" if plain_ascii else note % {"said": said, "name": name}
    raise FileUnreadable(
        _("The texts of the table can be read neither as UTF-8 nor as GBK. Export as UTF-8.")
    )


def _readable(table: bytes, encoding: str) -> bool:
    """Can every field name and text of the dBASE table be read so? Cut-off last characters pass."""
    header, width = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    texts, at, place = [], 1, 32
    spans = []
    while place + 32 <= header and table[place] != 0x0D:
        texts.append(table[place : place + 11].split(b"\0")[0])
        length = table[place + 16]
        if table[place + 11 : place + 12] == b"C":
            spans.append((at, at + length))
        at, place = at + length, place + 32
    for start in range(header, len(table) - width + 1, width or len(table)):
        texts += [table[start + a : start + b].rstrip(b" \0") for a, b in spans]
    for text in texts:
        try:
            text.decode(encoding)
        except LookupError:
            return False
        except UnicodeDecodeError as error:
            if error.start < len(text) - 3 or error.reason not in (
                "unexpected end of data", "incomplete multibyte sequence",
            ):  # fmt: skip
                return False
    return True
