"""Statistics of the chain over frames, and the page whose numbers open their rows."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from incubation.chain import flows as flow
from incubation.chain.drawing import HEIGHT, curves, sankey
from incubation.chain.states import GRADUATED, LEFT, OUTSIDE, STAGES, STATES, states_on
from incubation.chain.stays import MONTH_DAYS, spells, stays
from incubation.chain.survival import anniversary, first_days, survival
from incubation.models import Carrier, FollowUp, Residency
from incubation.selectors.chain import COLUMNS, existence_frame, residencies_frame
from tenants.models import CorporateEvent
from tests.factories import make_lease, make_tenant, make_unit

D = date


def frame(*rows):
    """Rows of (tenant, stage, entered, left, outcome, destination)."""
    table = pd.DataFrame.from_records(
        [(n, t, 1, 1, stage, a, b, outcome, went, None) for n, (t, stage, a, b, outcome, went) in
         enumerate(rows, start=1)],
        columns=COLUMNS,
    )  # fmt: skip
    for name in ("entered", "left"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
    later = table.duplicated("tenant")
    table["previous"] = table["id"].shift().where(later).astype("Int64")
    return table


WAYS = frame(
    (1, "makerspace", D(2020, 3, 1), D(2021, 5, 1), "advanced", "carrier"),
    (1, "incubator", D(2021, 5, 1), D(2023, 5, 1), "graduated", "carrier"),
    (1, "accelerator", D(2023, 5, 1), None, "", ""),
    (2, "incubator", D(2021, 1, 1), D(2022, 1, 1), "transferred", "carrier"),
    (2, "incubator", D(2022, 1, 1), D(2024, 1, 1), "graduated", "own_site"),
    (3, "makerspace", D(2022, 6, 1), D(2022, 12, 1), "withdrew", "outside"),
    (4, "incubator", D(2024, 2, 1), None, "", ""),
)


def counts(cells):
    return {key: sorted(ids.tolist()) for key, ids in cells.items()}


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (D(2020, 2, 29), [OUTSIDE] * 4),
        (D(2020, 3, 1), ["makerspace", OUTSIDE, OUTSIDE, OUTSIDE]),
        (D(2022, 7, 1), ["incubator", "incubator", "makerspace", OUTSIDE]),
        (D(2024, 1, 1), ["accelerator", GRADUATED, LEFT, OUTSIDE]),
        (D(2026, 1, 1), ["accelerator", GRADUATED, LEFT, "incubator"]),
    ],
)
def test_states_on_says_where_each_tenant_stands(day, states):
    assert states_on(WAYS, day).loc[[1, 2, 3, 4]].tolist() == states


def test_flows_pair_the_first_day_with_the_last():
    found = flow.flows(WAYS, D(2022, 7, 1), D(2024, 6, 1))
    assert counts(found.cells) == {
        (OUTSIDE, "incubator"): [4], ("makerspace", LEFT): [3],
        ("incubator", "accelerator"): [1], ("incubator", GRADUATED): [2],
    }  # fmt: skip


def test_movements_tell_each_step_of_the_period():
    found = flow.movements(WAYS, D(2021, 12, 31), D(2024, 2, 1))
    assert counts(found) == {
        ("entered", "makerspace"): [3], ("entered", "incubator"): [4],
        ("transferred", "incubator"): [2], ("graduated", "incubator"): [1, 2],
        ("left", "makerspace"): [3],
    }  # fmt: skip
    assert counts(flow.destinations(WAYS, D(2021, 12, 31), D(2024, 2, 1))) == {
        ("carrier",): [1], ("own_site",): [2],
    }  # fmt: skip


def test_cohorts_follow_the_year_of_the_first_entry():
    found = counts(flow.cohorts(WAYS, D(2026, 1, 1)))
    assert found[2020, "entered"] == [1] == found[2020, "accelerator"] == found[2020, "inside"]
    assert found[2021, "entered"] == [2] == found[2021, "graduated"]
    assert found[2021, "left"] == [] == found[2021, "inside"]
    assert found[2022, "left"] == [3]
    assert (2023, "entered") not in found


def test_a_transfer_does_not_end_a_stay():
    found = spells(WAYS, D(2026, 1, 1))
    own = found[found["tenant"] == 2]
    assert own["days"].tolist() == [(D(2024, 1, 1) - D(2021, 1, 1)).days]
    assert own["over"].tolist() == [True]


def test_stays_is_the_kaplan_meier_estimate():
    """Worked by hand: leaves after 100, 200 and 400 days, still in after 200 and 300."""
    start = D(2024, 1, 1)
    on = start + timedelta(days=400)
    rows = [
        (n, "incubator", start if over else on - timedelta(days=days),
         start + timedelta(days=days) if over else None, "withdrew" if over else "", "")
        for n, (days, over) in enumerate(
            [(100, True), (200, True), (400, True), (200, False), (300, False)])
    ]  # fmt: skip
    curve = stays(frame(*rows), on)["incubator"]
    assert curve.ended == 3
    by_day = {round(m * MONTH_DAYS): s for m, s in zip(curve.months, curve.share, strict=True)}
    assert by_day[100] == pytest.approx(4 / 5)
    assert by_day[200] == pytest.approx(4 / 5 * 3 / 4)
    assert by_day[400] == pytest.approx(0)
    assert curve.median == pytest.approx(400 / MONTH_DAYS)
    assert curve.lasting(6) == pytest.approx(4 / 5)
    assert curve.lasting(60) is None
    assert (curve.low <= curve.share + 1e-9).all()
    assert (curve.share <= curve.high + 1e-9).all()


def test_a_stage_nobody_left_has_no_median_and_no_curve():
    found = stays(frame((1, "incubator", D(2024, 1, 1), None, "", "")), D(2024, 6, 1))
    assert found["incubator"].median is None
    assert curves(found) is None


def test_survival_counts_what_is_known_and_tells_what_is_not():
    since = pd.Series(pd.to_datetime([D(2020, 2, 29)] * 4), index=[1, 2, 3, 4])
    existence = pd.DataFrame({
        "seen": pd.to_datetime([D(2023, 2, 28), D(2021, 1, 1), D(2020, 6, 1), None]),
        "gone": pd.to_datetime([None, D(2022, 1, 1), None, D(2026, 1, 1)]),
    }, index=[1, 2, 3, 4])  # fmt: skip
    one, three, five = survival(since, existence, D(2024, 1, 1))
    assert [one.alive.tolist(), one.gone.tolist(), one.unknown.tolist()] == [[1, 2, 4], [], [3]]
    assert [three.alive.tolist(), three.gone.tolist()] == [[1, 4], [2]]
    assert three.share == pytest.approx(2 / 3)
    assert five.share is None, "five years have not passed"


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (D(2020, 2, 29), 1, D(2021, 2, 28)),
        (D(2020, 2, 29), 4, D(2024, 2, 29)),
        (D(2019, 12, 31), 5, D(2024, 12, 31)),
    ],
)
def test_anniversary_keeps_the_day_of_the_month(day, years, then):
    assert anniversary(np.array([day], dtype="datetime64[D]"), years)[0] == np.datetime64(then)


DAYS = st.dates(D(2019, 1, 1), D(2026, 6, 30))
OUTCOMES = st.sampled_from(["advanced", "graduated", "withdrew", "expired", "transferred"])


@st.composite
def ways(draw):
    rows = []
    for tenant in range(draw(st.integers(1, 12))):
        days = sorted(draw(st.sets(DAYS, min_size=2, max_size=7)))
        for entered, left in zip(days, days[1:], strict=False):
            rows.append((tenant, draw(st.sampled_from(STAGES)), entered, left, draw(OUTCOMES), ""))
        if draw(st.booleans()):
            rows[-1] = (*rows[-1][:3], None, "", "")
    return frame(*rows)


@given(ways(), DAYS, DAYS)
def test_flows_account_for_everybody(table, one, other):
    """What stands in a state at the end stood there, or came; nobody is lost or counted twice."""
    start, end = sorted((one, other))
    found = flow.flows(table, start, end)
    before, after = states_on(table, start), states_on(table, end)
    for state in STAGES:
        assert sorted(found.at_start(state)) == sorted(before.index[before == state])
        assert sorted(found.at_end(state)) == sorted(after.index[after == state])
    moved = [tenant for ids in found.cells.values() for tenant in ids]
    assert len(moved) == len(set(moved))


@given(ways(), DAYS)
def test_cohorts_and_stays_agree_with_the_residencies(table, on):
    begun = table[table["entered"] <= pd.Timestamp(on)]
    found = flow.cohorts(table, on)
    assert sum(len(ids) for (_y, what), ids in found.items() if what == "entered") == (
        begun["tenant"].nunique()
    )
    rows = spells(begun.assign(left=begun["left"].where(begun["left"] <= pd.Timestamp(on))), on)
    assert (rows["days"] > 0).all()


@given(st.dictionaries(st.tuples(st.sampled_from(STATES), st.sampled_from(STATES)),
                       st.integers(1, 5000), max_size=12))  # fmt: skip
def test_sankey_keeps_proportions_inside_the_picture(pairs):
    drawn = sankey(pairs)
    if not pairs:
        assert drawn is None
        return
    assert sum(node.count for node in drawn.nodes if node.right) == sum(pairs.values())
    assert len(drawn.ribbons) == len(pairs)
    assert all(node.y >= 0 and node.y + node.height <= HEIGHT for node in drawn.nodes)


@pytest.fixture
def carrier(jr):
    return Carrier.objects.create(
        park=jr, name="金荣孵化器", stage="incubator", opened_on=D(2019, 1, 1)
    )


def stay(carrier, tenant, entered, left=None, outcome="", went="", **fields):
    return Residency.objects.create(
        tenant=tenant, carrier=carrier, agreement_number=f"F{Residency.objects.count()}",
        entered_on=entered, due_on=D(entered.year + 4, entered.month, 1), left_on=left,
        outcome=outcome, destination=went, **fields,
    )  # fmt: skip


def test_the_frame_knows_nothing_that_comes_after_the_day(carrier):
    stay(carrier, make_tenant(), D(2022, 1, 1), D(2024, 1, 1), "graduated", "own_site")
    stay(carrier, make_tenant(), D(2025, 1, 1))
    found = residencies_frame(Residency.objects.all(), D(2023, 6, 1))
    assert found["outcome"].tolist() == [""]
    assert found["left"].isna().all()


def test_existence_is_seen_by_leases_and_follow_ups_and_ends_with_the_register(jr, carrier):
    seen, gone, followed = (make_tenant(home_park=jr) for _ in range(3))
    for tenant in (seen, gone, followed):
        stay(carrier, tenant, D(2021, 1, 1), D(2022, 1, 1), "graduated", "own_site")
    make_lease(units=[make_unit(park=jr)], tenant=seen, start=D(2021, 1, 1), end=D(2026, 1, 1))
    CorporateEvent.objects.create(
        tenant=gone, kind="deregistered", on=D(2023, 6, 1), number="注销1"
    )
    ups = Residency.objects.get(tenant=followed)
    FollowUp.objects.create(residency=ups, year=2, recorded_on=D(2024, 1, 1), in_existence=True)
    on = D(2024, 6, 1)
    rows = Residency.objects.all()
    table = residencies_frame(rows, on)
    found = existence_frame(table, rows.order_by().values("tenant"), on)
    assert found.loc[seen.pk, "seen"] == pd.Timestamp(on)
    assert found.loc[gone.pk, "gone"] == pd.Timestamp(2023, 6, 1)
    assert found.loc[followed.pk, "seen"] == pd.Timestamp(2024, 1, 1)
    after = survival(first_days(table, on, outcome="graduated"), found, on)
    assert sorted(after[0].alive.tolist()) == sorted([seen.pk, gone.pk, followed.pk])


@pytest.fixture
def chain(carrier, jr):
    """Three tenants: one in, one graduated, one that left."""
    stay(carrier, make_tenant(name="在孵一号", home_park=jr), D(2024, 1, 1))
    stay(carrier, make_tenant(name="毕业二号", chain="food"), D(2021, 1, 1), D(2024, 3, 1),
         "graduated", "own_site")  # fmt: skip
    stay(carrier, make_tenant(name="退出三号"), D(2022, 1, 1), D(2022, 9, 1), "withdrew", "outside")


PAGE = "/chain/?on=2024-06-30&since=2023-01-01"


def test_every_number_of_the_page_opens_as_many_rows(client, bureau, chain):
    client.force_login(bureau)
    page = client.get(PAGE).content.decode()
    links = re.findall(r'<a href="(/chain/rows/[^"]*)">(\d+)</a>', page)
    assert len(links) > 15
    for address, count in links:
        rows = client.get(address.replace("&amp;", "&"))
        assert rows.context["count"] == int(count), address


def test_rows_tell_the_way_and_can_be_exported(client, bureau, chain):
    client.force_login(bureau)
    address = "/chain/rows/?on=2024-06-30&since=2023-01-01&cell=ever:graduated"
    page = client.get(address).content.decode()
    assert "毕业二号" in page
    assert "在孵一号" not in page
    table = client.get(f"{address}&format=csv").content.decode()
    assert "毕业二号" in table
    assert "2021-01-01 – 2024-03-01" in table
    assert client.get(f"{PAGE}&format=xlsx")["Content-Type"].endswith("sheet")


def test_the_numbers_of_a_stage_open_what_they_count(client, bureau, carrier, chain):
    stay(carrier, make_tenant(name="超期四号"), D(2019, 1, 1))
    client.force_login(bureau)
    page = client.get(PAGE)
    assert [(one["firms"], one["late"]) for one in page.context["stages"]] == [
        (0, 0),
        (1, 1),
        (0, 0),
    ]
    text = page.content.decode()
    assert f'href="/carriers/?on=2024-06-30&amp;stage={carrier.stage}">1</a>' in text
    for side in ("start", "end"):
        assert f"cell={side}%3A{carrier.stage}" in text
    late = client.get(f"/chain/rows/?on=2024-06-30&cell=late:{carrier.stage}")
    assert [tenant.name for tenant, _way in late.context["rows"]] == ["超期四号"]
    ended = client.get(f"/chain/rows/?on=2024-06-30&cell=ended:{carrier.stage}")
    assert ended.context["count"] == 2
    assert ended.context["title"] == "孵化器 · 已结束的停留"


def test_a_stage_is_called_by_its_name_above_its_rows(client, bureau, chain):
    client.force_login(bureau)
    titles = {
        cell: client.get(f"/chain/rows/?on=2024-06-30&cell={cell}").context["title"]
        for cell in ("flow:makerspace:incubator", "cohort:2021:incubator")
    }
    assert titles == {
        "flow:makerspace:incubator": "众创空间 → 孵化器",
        "cohort:2021:incubator": "2021 → 进入孵化器",
    }


@pytest.mark.parametrize(
    "cell", ["", "flow", "flow:a:b", "cohort:x:entered", "survival:entered:2:alive", "stay:nowhere"]
)
def test_a_cell_that_counts_nothing_says_so(client, bureau, chain, cell):
    client.force_login(bureau)
    answer = client.get(f"/chain/rows/?cell={cell}&on=2024-06-30")
    assert answer.status_code == 200
    assert answer.context["count"] == 0


def test_filters_narrow_and_a_wrong_period_is_told(client, bureau, operator2, chain):
    client.force_login(bureau)
    assert len(client.get(f"{PAGE}&chain=food").context["flow"].ribbons) == 1
    assert client.get(f"{PAGE}&field=无此领域").context["flow"] is None
    wrong = client.get("/chain/?on=2024-06-30&since=2025-01-01")
    assert "须早于" in wrong.content.decode()
    client.force_login(operator2)
    assert client.get(PAGE).context["flow"] is None, "another park's carriers"


@pytest.mark.parametrize("copies", [1, 3])
def test_the_page_takes_the_same_queries_whatever_there_is(client, bureau, carrier, copies):
    for _ in range(copies):
        stay(carrier, make_tenant(), D(2021, 1, 1), D(2024, 3, 1), "graduated", "own_site")
        stay(carrier, make_tenant(), D(2024, 1, 1))
    client.force_login(bureau)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    with CaptureQueriesContext(connection) as rows:
        client.get("/chain/rows/?on=2024-06-30&cell=now:incubator")
    assert (len(queries), len(rows)) == (13, 9)
