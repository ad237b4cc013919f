"""Settings, texts, assets: what the house promises."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from config.management.commands.messages import APPS, in_catalog, missing
from parks.states import COLOURS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(p for app in APPS for p in (ROOT / app).glob("templates/**/*.html"))
#: Ours; what ``make run`` collects in ``var/`` holds vendors' files with links in their comments.
STATIC = sorted(
    p for app in APPS for p in (ROOT / app).glob("static/**/*") if p.suffix in (".js", ".css")
)


@pytest.mark.parametrize("app", APPS)
def test_every_text_is_translated(app):
    assert missing(app) == []


def test_apps_say_the_same_word_for_the_same_text():
    """Catalogues are merged: of two translations of one text one app's would be lost."""
    said = {}
    for app in APPS:
        for message in in_catalog(app):
            if message.id:
                words = message.string if isinstance(message.string, str) else message.string[0]
                said.setdefault((message.context, str(message.id)), set()).add(words)
    assert {text: words for text, words in said.items() if len(words) > 1} == {}


def start(**environment):
    """Start Django in a process of its own; returns (exit code, words on stderr)."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check"], cwd=ROOT, capture_output=True,
        text=True, env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | environment,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "postgresql://"),
        ({"CACHE_URL": "memory://"}, "redis://"),
        ({"DEBUG": "perhaps"}, "DEBUG='perhaps'"),
        ({"DEMO": "maybe"}, "DEMO='maybe'"),
        ({"ALLOWED_HOSTS": "https://parks.example/"}, "ALLOWED_HOSTS="),
        ({"EMAIL_URL": "post"}, "smtp://"),
        ({"BASEMAP_URL": "tiles"}, "BASEMAP_URL='tiles'"),
        ({"BASEMAP_DATUM": "Mars"}, "GCJ-02"),
        ({"DJANGO_SETTINGS_MODULE": "config.settings.production"}, "SECRET_KEY"),
    ],
)
def test_nonsense_in_the_environment_is_loud(environment, word):
    code, words = start(**{"DJANGO_SETTINGS_MODULE": "config.settings.base"} | environment)
    assert code != 0
    assert word in words
    assert "Traceback" not in words


def test_production_settings_pass_the_deployment_check():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"} | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production", "DEMO": "0",
            "ALLOWED_HOSTS": "parks.example", "SECRET_KEY": "k" * 30 + "abcdefghijklmnopqrstuvwxyz12",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_inline_code_and_no_other_host(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("path", STATIC, ids=lambda p: p.name)
def test_static_files_name_no_other_host(path):
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    assert not re.search(r"https?://|@import", text)


@pytest.mark.parametrize("app", ["parks", "tenants", "incubation"])
def test_lower_apps_do_not_link_upward(app):
    higher = {"parks": "tenants|incubation|maps|api", "tenants": "incubation|maps|api",
              "incubation": "maps|api"}[app]  # fmt: skip
    for path in (ROOT / app).rglob("*.html"):
        assert not re.search(rf"url ['\"](?:{higher}):", path.read_text(encoding="utf-8")), path


def test_state_colours_are_the_same_in_css():
    css = (ROOT / "config/static/config/tokens.css").read_text()
    assert dict(re.findall(r"--state-(\w+): (#\w{6})", css)) == {
        s.value: c for s, c in COLOURS.items()
    }


def test_healthz(client, db):
    assert client.get("/healthz").json()["status"] == "ok"


def test_healthz_says_when_the_database_is_gone(client, monkeypatch):
    def gone(**kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "error", "database": "unreachable"}


@pytest.mark.parametrize(
    ("idle", "alive", "moved_on"),
    [(60, True, False), (7 * 3600, True, True), (8 * 3600 + 1, False, False)],
)
def test_a_session_ends_eight_hours_after_its_last_request(client, bureau, idle, alive, moved_on):
    client.force_login(bureau)
    end = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE - idle)
    Session.objects.update(expire_date=end)
    assert (client.get("/").status_code == 200) == alive
    if alive:
        assert (Session.objects.get().expire_date > end) == moved_on


def test_pages_hold_a_strict_policy(client, bureau):
    client.force_login(bureau)
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_log_in_is_locked_after_failures(client, bureau):
    for _ in range(5):
        answer = client.post(reverse("login"), {"username": "bureau", "password": "no"})
    assert answer.status_code == 429
    right = client.post(reverse("login"), {"username": "bureau", "password": "demo"})
    assert right.status_code == 429


def test_language_is_chinese_and_english_one_click_away(client, bureau):
    client.force_login(bureau)
    assert b'lang="zh-hans"' in client.get("/", headers={"accept-language": "en"}).content
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert b'lang="en"' in client.get("/").content


@pytest.mark.parametrize("query", ["on=x", "on=1999-01-01", "on=9999-12-31", "on=2026-02-30"])
def test_a_wrong_day_is_said_and_today_shown(client, bureau, query):
    client.force_login(bureau)
    answer = client.get(f"/units/?{query}")
    assert answer.status_code == 200
    assert answer.context["day_error"]


def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
