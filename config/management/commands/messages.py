"""Texts to translate: extract and compile them in pure Python, no gettext programs needed."""

from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management import BaseCommand
from django.utils.translation.template import templatize

APPS = ("parks", "tenants", "incubation", "maps", "api", "config")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def catalog_path(app) -> Path:
    return settings.BASE_DIR / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def in_source(app) -> Catalog:
    """Every text of the app's Python files and templates."""
    catalog = Catalog(locale="zh_Hans", domain="django")
    root = settings.BASE_DIR / app
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt")]):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "{%" not in text:
                continue
            # Templates become something close to Python, where only the texts are left whole.
            # Indentation means nothing there, but would to Python.
            lines = templatize(text, origin=str(path)).splitlines()
            text = "\n".join(line.lstrip() for line in lines)
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for line, message, _comments, context in extract(
            "python", BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalog.add(message, None, [(name, 0)], context=context, lineno=line)
    return catalog


def in_catalog(app) -> Catalog:
    path = catalog_path(app)
    if not path.exists():
        return Catalog(locale="zh_Hans", domain="django")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django", abort_invalid=True)


def missing(app) -> list[str]:
    """Texts of the sources that the Chinese catalogue lacks, leaves empty or marks fuzzy."""
    known = in_catalog(app)
    gaps = []
    for message in in_source(app):
        if not message.id:
            continue
        entry = known.get(message.id, message.context)
        strings = [] if entry is None else entry.string
        strings = [strings] if isinstance(strings, str) else list(strings)
        if not strings or not all(strings) or entry.fuzzy:
            gaps.append(str(message.id))
    return gaps


class Command(BaseCommand):
    help = "Extract the texts to translate and compile the catalogues."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--compile-only", action="store_true")

    def handle(self, *, compile_only, **options):
        for app in APPS:
            if not compile_only:
                self.update(app)
            if catalog_path(app).exists():
                with catalog_path(app).with_suffix(".mo").open("wb") as file:
                    write_mo(file, in_catalog(app))

    def update(self, app):
        source, known = in_source(app), in_catalog(app)
        for message in source:
            entry = known.get(message.id, message.context) if message.id else None
            if entry is not None:
                message.string = entry.string
        if not len(source):
            return
        path = catalog_path(app)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, source, width=100, sort_output=True, no_location=True, omit_header=False)
        self.stdout.write(f"{app}: {len(source)} texts, {len(missing(app))} to translate")
