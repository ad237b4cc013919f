"""The frame of every page: the day, the navigation, the words for errors, colours that can be read."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation

from parks.ratios import Ratio
from parks.states import UnitState

ROOT = Path(__file__).resolve().parents[2]


def luminance(colour):
    """Relative luminance of ``#rrggbb`` (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens():
    """Light and dark colours by name."""
    css = (ROOT / "config/static/config/tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    pattern = r"--([\w-]+): (#[0-9a-fA-F]{6})"
    light = dict(re.findall(pattern, light))
    return {"light": light, "dark": light | dict(re.findall(pattern, dark))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [("ink", "paper"), ("ink", "paper-3"), ("ink-2", "paper"), ("ink-2", "paper-2"),
     ("accent", "paper"), ("accent", "accent-weak"), ("accent-ink", "accent"), ("bad", "bad-weak"),
     ("warn", "paper-2"), ("good", "paper")],
)  # fmt: skip
def test_words_stand_out_from_their_ground(scheme, ink, paper):
    colours = tokens()[scheme]
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("state", UnitState)
def test_the_letter_of_a_state_stands_out(state):
    css = (ROOT / "config/static/config/app.css").read_text(encoding="utf-8")
    letter = re.search(rf"\.state-{state.value} b.*?[; {{]color: (#\w+)", css)[1]
    letter = letter if len(letter) == 7 else "#" + "".join(2 * c for c in letter[1:])
    assert contrast(letter, state.colour) >= 4.5


def test_a_chip_carries_letter_and_word():
    chip = Template("{% load space %}{% state_chip 'vacant' %}").render(Context())
    assert "空" in chip
    assert "state-vacant" in chip
    assert str(UnitState.VACANT.label) in chip


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(1, 3, "33.3%"), (0, 10, "0.0%"), (0, 0, "—"), (10, 10, "100.0%")],
)
def test_a_ratio_without_a_denominator_is_a_dash(numerator, denominator, shown):
    ratio = Ratio("occupancy", Decimal(numerator), Decimal(denominator), "m²", date(2026, 6, 30))
    assert Template("{% load space %}{{ r|percent }}").render(Context({"r": ratio})) == shown


def test_links_of_the_frame_keep_the_day(client, bureau, jr, ld):
    client.force_login(bureau)
    page = client.get("/", {"on": "2024-02-29"}).content.decode()
    side = page[page.index('<nav class="side"') : page.index("</nav>")]
    links = re.findall(r'href="(/[^"]*)"', side)
    assert len(links) > 5
    assert all(link.endswith("?on=2024-02-29") for link in links if "/static/" not in link)
    assert "2024-02-28" in page
    assert "2024-03-01" in page


def test_away_from_today_a_bar_says_so(client, bureau):
    client.force_login(bureau)
    assert 'class="notice away"' in client.get("/", {"on": "2024-02-29"}).content.decode()
    assert 'class="notice away"' not in client.get("/").content.decode()


@pytest.mark.parametrize("text", ["yesterday", "2018-12-31", "2099-01-01", "2024-02-30", "\x00"])
def test_a_day_that_cannot_be_shown_is_said_and_today_is(client, bureau, text):
    client.force_login(bureau)
    answer = client.get("/", {"on": text})
    assert answer.status_code == 200
    assert answer.context["on"] == timezone.localdate()
    assert 'role="alert"' in answer.content.decode()


def test_folded_navigation_is_remembered(client, bureau):
    client.force_login(bureau)
    assert 'class="folded"' not in client.get("/").content.decode()
    client.cookies["navigation"] = "folded"
    assert 'class="folded"' in client.get("/").content.decode()


def test_the_board_draws_two_years_and_their_table(client, bureau):
    client.force_login(bureau)
    series = client.get("/", {"on": "2026-06-30"}).context["series"]
    assert [series[0].on, series[-1].on] == [date(2024, 6, 30), date(2026, 6, 30)]
    assert len(series) == 25


def test_the_board_does_not_look_before_the_first_day(client, bureau, settings):
    client.force_login(bureau)
    series = client.get("/", {"on": "2019-03-15"}).context["series"]
    assert series[0].on == settings.FIRST_DAY


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_error_pages_need_no_database(name, language):
    with translation.override(language):
        page = render_to_string(name)
    assert f'lang="{language}"' in page
    assert ("请" in page or "您" in page or "首页" in page) == (language == "zh-hans")


def test_demonstration_accounts_are_named_only_in_a_demonstration(client, db, settings):
    settings.DEMO = True
    assert "operator2" in client.get("/accounts/login/").content.decode()
    settings.DEMO = False
    assert "operator2" not in client.get("/accounts/login/").content.decode()
