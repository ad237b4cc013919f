"""The shape of the code that import-linter and ruff do not see."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("parks", "tenants", "incubation", "maps", "api", "config")
MODULES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
#: Where the clock may be read: edges, and the trail, which writes down the moment of an act.
EDGES = re.compile(
    r"/views|/management/commands/|/base\.py|context_processors\.py|parks/days\.py|parks/audit\.py"
    r"|config/sessions\.py|parks/work\.py|maps/geo/api\.py"
)
HIGHER = {"parks": ("tenants", "incubation"), "tenants": ("incubation",)}


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_a_module_can_be_read_in_one_sitting():
    assert [name(p) for p in MODULES if len(p.read_text("utf-8").splitlines()) > 500] == []


def test_the_clock_is_read_at_the_edge():
    clock = re.compile(
        r"\b(?:localdate|localtime|timezone\.now|(?:date|datetime)\.(?:today|now))\("
    )
    inner = [p for p in MODULES if not EDGES.search(f"/{name(p)}")]
    assert [name(p) for p in inner if clock.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("app", sorted(HIGHER))
def test_no_lookup_points_upward(app):
    """A lower app does not name relations that a higher app hangs onto its models."""
    related = {
        field.get_accessor_name() if not field.hidden else None
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.related_objects
        if field.related_model._meta.app_label in HIGHER[app]
    } - {None}
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] == app:
            text = path.read_text(encoding="utf-8")
            for word in related:
                assert not re.search(rf"\b{word}__|\.{word}\b", text), (name(path), word)


def test_every_app_has_its_place():
    found = {p.parent.name for p in ROOT.glob("*/apps.py")}
    assert found == set(APPS)


def test_only_agreed_names_at_the_top():
    """Beside the seven names only what tools need and ``docs/``; hidden and ignored ones aside."""
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")}
    assert found - {"var", "bench"} == {
        *APPS, "manage.py", "requirements.txt", "requirements.in", "requirements-dev.txt",
        "requirements-dev.in", "tests", "README.md", "pyproject.toml", "Makefile", "docs",
    }  # fmt: skip
