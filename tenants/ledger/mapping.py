"""A table of anybody's, mapped onto a ledger by a small TOML file (``docs/ledger.md``)."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from parks.errors import RuleViolation
from tenants.ledger import columns as c
from tenants.ledger.cells import text
from tenants.ledger.headings import Heading
from tenants.ledger.quantities import Scale, amount, scale
from tenants.ledger.words import plain

_KEYS = {"sheet", "reads", "header_row", "date_order", "area_unit", "zero_area", "long_terms",
         "columns", "constants", "make", "values"}  # fmt: skip
#: What becomes of a lease over the longest term: the row is refused, or it is renewed in time.
LONG_TERMS = ("refuse", "renew")
_PLACE = re.compile(r"\{([^{}]+)\}")


class MappingUnclear(RuleViolation):
    code = "mapping_unclear"


@dataclass(frozen=True, slots=True)
class Mapping:
    """``columns``: field → heading; ``make``: field → text with ``{Heading}`` and ``{n}``."""

    reads: str = c.FLAT
    sheet: str = ""
    header_row: int = 1
    date_order: str = ""
    area: Scale = Scale()
    zero_area: Decimal | None = None
    long_terms: str = "refuse"
    columns: dict = field(default_factory=dict)
    make: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    @property
    def spec(self):
        return c.SHEETS[self.reads].by_field

    def header(self, table):
        return (self.header_row, self.reads) if self.header_row <= len(table.rows) else None

    def headings(self, words):
        """What the column headed ``words`` is read as."""
        found = []
        for name, heading in self.columns.items():
            if plain(heading) == plain(words) and not self._computed(name):
                column = self.spec[name]
                found.append(Heading(column, self.area if column.kind == c.AREA else None))
        return found

    def _computed(self, name):
        gross = name.endswith("gross_area_m2") and self.zero_area is not None
        return name in self.values or gross

    def made(self, header):
        """``(column, function of a row's cells)`` for what is put together or translated."""
        places = {plain(text(words)): index for index, words in reversed(list(enumerate(header)))}
        made = [(self.spec[name], _template(words, places)) for name, words in self.make.items()]
        for name, heading in self.columns.items():
            if self._computed(name) and plain(heading) in places:
                made.append((self.spec[name], self._reader(name, places[plain(heading)])))
        return made

    def _reader(self, name, index):
        words = {plain(word): value for word, value in self.values.get(name, {}).items()}

        def value(cells):
            raw = cells[index] if index < len(cells) else None
            if isinstance(raw, (int, float)) and self.spec[name].kind == c.AREA:
                area = amount(raw, self.spec[name].places, self.area.factor)[0]
                return area or self.zero_area or area
            return words.get(plain(text(raw)) if raw is not None else "", raw)

        return value


def _template(words, places):
    if not _PLACE.search(words):
        return lambda cells: words
    times = Counter()

    def value(cells):
        def filled(match):
            index = places.get(plain(match[1]))
            raw = cells[index] if index is not None and index < len(cells) else None
            return "" if raw is None else text(raw)

        said = _PLACE.sub(lambda match: match[0] if match[1] == "n" else filled(match), words)
        if "{n}" in said:
            times[said] += 1
            said = said.replace("{n}", str(times[said]))
        return said.strip()

    return value


def load(path_or_text) -> Mapping:
    """The mapping a TOML text (or the file of that path) describes. Raises ``MappingUnclear``."""
    words = path_or_text if isinstance(path_or_text, str) else path_or_text.read_text("utf-8")
    try:
        said = tomllib.loads(words)
    except tomllib.TOMLDecodeError as no:
        raise MappingUnclear(_("The mapping is not TOML: %(why)s."), why=no) from None
    if odd := sorted(set(said) - _KEYS):
        raise MappingUnclear(_("The mapping has unknown keys: %(keys)s."), keys=", ".join(odd))
    _shaped(said)
    reads = said.get("reads", c.FLAT)
    if reads not in c.SHEETS:
        raise MappingUnclear(_("“reads” names no kind of sheet: %(value)s."), value=reads)
    tables = {name: said.get(name, {}) for name in ("columns", "constants", "make", "values")}
    fields = {str(name) for table in tables.values() for name in table}
    if odd := sorted(fields - set(c.SHEETS[reads].by_field)):
        raise MappingUnclear(_("The mapping names unknown columns: %(keys)s."), keys=", ".join(odd))
    area = scale(said["area_unit"]) if "area_unit" in said else Scale()
    order = said.get("date_order", "")
    if area is None or order not in ("", "dmy", "mdy", "ymd"):
        raise MappingUnclear(
            _("“area_unit” must be a unit of area and “date_order” one of dmy, mdy, ymd.")
        )
    long_terms = said.get("long_terms", LONG_TERMS[0])
    if long_terms not in LONG_TERMS:
        raise MappingUnclear(_("“long_terms” must be one of: %(words)s."),
                             words=", ".join(LONG_TERMS))  # fmt: skip
    zero = said.get("zero_area")
    return Mapping(
        reads, said.get("sheet", ""), said.get("header_row", 1), order, area,
        None if zero is None else Decimal(str(zero)), long_terms, tables["columns"],
        {name: str(value) for name, value in tables["constants"].items()} | tables["make"],
        tables["values"],
    )  # fmt: skip


def _shaped(said):
    """Raises ``MappingUnclear`` unless every key holds the kind of value it should."""
    texts = [said.get(name, "") for name in ("reads", "sheet", "date_order", "area_unit")]
    texts += [x for name in ("columns", "make") for x in _inner(said, name)]
    texts += [x for inner in _inner(said, "values") for x in _inner({"": inner}, "")]
    _inner(said, "constants")
    row, zero = said.get("header_row", 1), said.get("zero_area", 0)
    sound = all(isinstance(text, str) for text in texts)
    if not sound or type(row) is not int or row < 1 or type(zero) not in (int, float):
        raise MappingUnclear(_("The mapping holds a value of the wrong kind; see docs/ledger.md."))


def _inner(said, name):
    inner = said.get(name, {})
    if not isinstance(inner, dict):
        raise MappingUnclear(_("The mapping holds a value of the wrong kind; see docs/ledger.md."))
    return inner.values()
