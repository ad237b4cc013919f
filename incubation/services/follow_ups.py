"""What became of graduates, year by year, and their consent to being told about one by one."""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import FollowUpTaken, NoGraduate
from incubation.models import FollowUp, Residency
from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, refusing

#: Graduates are followed for this many years.
YEARS = range(1, 6)


def due_on(residency, year: int):
    """The ``year``-th anniversary of the graduation: from then on the year is reported."""
    return residency.left_on + relativedelta(years=year)


def _taken():
    return FollowUpTaken(_("This year's follow-up is already recorded. Correct that one instead."))


_ONCE = dict.fromkeys(("follow_up_once_a_year", "incubation_followup"), _taken)


def _check(row):
    residency = row.residency
    if residency.outcome != Residency.Outcome.GRADUATED:
        raise NoGraduate(_("%(firm)s has not graduated."), firm=residency.tenant.name)
    if row.year in YEARS and row.recorded_on < due_on(residency, row.year):
        raise DatesOutOfOrder(
            _("Year %(year)s after the graduation is reported from %(day)s on."),
            year=row.year, day=due_on(residency, row.year),
        )  # fmt: skip
    if row.in_existence is None and row.jobs is None and row.revenue is None and not (
        row.place or row.source
    ):  # fmt: skip
        raise InvalidValue(
            _("Nothing is said about the firm yet. Give what is known, or as the source whom you "
              "asked in vain.")
        )  # fmt: skip
    row.full_clean(exclude=["residency"], validate_unique=False)


def _refuse_risen(rows):
    """Asked once the rows stand, so that those written together are compared too."""
    residencies = [row.residency_id for row in rows]
    risen = FollowUp.objects.risen().filter(residency__in=residencies)
    for row in risen.select_related("residency__tenant")[:1]:
        raise InvalidValue(
            _("An earlier year says that %(firm)s is no more. Correct that year first."),
            firm=row.residency.tenant.name,
        )


@transaction.atomic
def record_follow_ups(rows, *, by, reason="") -> list[FollowUp]:
    """``rows``: values of ``FollowUp``. Raises ``NoGraduate``, ``DatesOutOfOrder``,
    ``FollowUpTaken``, ``ValidationError``.
    """
    made = [FollowUp(**row) for row in rows]
    for row in made:
        _check(row)
    with refusing(**_ONCE):
        FollowUp.objects.bulk_create(made, batch_size=500)
    _refuse_risen(made)
    acts = [Act("create", row, row.residency.carrier.park) for row in made]
    record_all(acts, by=by, reason=reason)
    return made


def record_follow_up(*, residency, year, recorded_on, by, reason="", **fields) -> FollowUp:
    row = fields | {"residency": residency, "year": year, "recorded_on": recorded_on}
    return record_follow_ups([row], by=by, reason=reason)[0]


def _locked(follow_up) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",))
    return rows.select_related("residency__tenant", "residency__carrier__park").get(pk=follow_up.pk)


@transaction.atomic
def correct_follow_up(*, follow_up, by, reason="", **fields) -> FollowUp:
    row = _locked(follow_up)
    before = snapshot(row)
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    _refuse_risen([row])
    record("correct", row, by=by, park=row.residency.carrier.park, before=before, reason=reason)
    return row


@transaction.atomic
def remove_follow_up(*, follow_up, by, reason):
    row = _locked(follow_up)
    park = row.residency.carrier.park
    record("remove", row, by=by, park=park, before=snapshot(row), after={}, reason=reason)
    row.delete()


@transaction.atomic
def set_consent(*, residency, given_on, on, by, reason="") -> Residency:
    """The firm agrees on ``given_on`` to be reported on one by one; None withdraws it.

    From the moment of withdrawing its figures are told in sums only, earlier ones too. ``on`` is
    today; raises ``DatesOutOfOrder`` for a day to come.
    """
    if given_on is not None and given_on > on:
        raise DatesOutOfOrder(_("A consent is recorded once it is given."))
    rows = Residency.objects.select_for_update(of=("self",))
    row = rows.select_related("tenant", "carrier__park").get(pk=residency.pk)
    before = snapshot(row)
    row.consent_on = given_on
    row.save(update_fields=["consent_on"])
    action = "consent" if given_on else "withdraw_consent"
    record(action, row, by=by, park=row.carrier.park, before=before, reason=reason)
    return row
