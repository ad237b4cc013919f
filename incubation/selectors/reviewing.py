"""Who could review an application, who must not and why, and what a viewer may see of the points."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from incubation.models import (
    Carrier,
    Interest,
    InterestKind,
    MentorPairing,
    ReviewAssignment,
    Reviewer,
    ScoreSheet,
)
from incubation.selectors.intake import intake_of
from incubation.selectors.scores import points_by_criterion, reviews_of, round_of, score_of
from parks.models import Park
from parks.periods import active_q
from tenants.models import Funding, Tenant


def sheet_for(intake, on) -> ScoreSheet:
    """The carrier's own sheet, else the newest in use on ``on``."""
    if intake.sheet_id:
        return intake.sheet
    rows = ScoreSheet.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))
    return rows.latest("pk")


def pool(on):
    """Who reviews on ``on``, the least busy first, with ``load``: the reviews not yet handed in."""
    to_do = ReviewAssignment.objects.to_do_on(on).values("pk")
    open_ones = Count("assignments", filter=Q(assignments__in=to_do))
    rows = Reviewer.objects.active_on(on).filter(user__is_active=True)
    return rows.annotate(load=open_ones).select_related("user").order_by("load", "name", "pk")


def words_of(conflict) -> str:
    """A ``(kind, detail)`` of ``conflicts_of`` in words."""
    kind, detail = conflict
    label = InterestKind(kind).label
    return f"{label}（{detail}）" if detail else str(label)


def plain(name) -> str:
    """A name as it is compared: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def conflicts_of(application, reviewers, on) -> dict:
    """For each reviewer the ``(kind, detail)`` of every interest known on ``on``; empty: none.

    Declared or known interests in the applicant or its name; working for it (account, name or
    code); working for another firm in the same line, or for who runs another park or carrier than
    the carrier's operator; working for who holds a share in it; advising it as a paired mentor.
    A fixed number of queries.
    """
    reviewers = list(reviewers)
    tenant, carrier = application.tenant, application.carrier
    found = {one: [] for one in reviewers}
    by_key = {one.pk: one for one in reviewers}
    works_for = firms_of(reviewers)
    rivals = _rival_operators(carrier)
    staff = _rival_staff(carrier, reviewers)
    holders = {
        plain(name): name for name in tenant.fundings.filter(on__lte=on)
        .exclude(kind__in=NO_SHARE).exclude(investor="").values_list("investor", flat=True)
    }  # fmt: skip
    advised = set(
        MentorPairing.objects.filter(active_q(on), tenant=tenant)
        .values_list("mentor__name", flat=True)
    )  # fmt: skip
    for one in reviewers:
        reasons, organisation = found[one], plain(one.organisation)
        firms = works_for[one]
        if any(firm.pk == tenant.pk for firm in firms):
            reasons.append((InterestKind.SAME_FIRM.value, tenant.name))
        if rival := next((firm for firm in firms if _same_line(firm, tenant)), None):
            reasons.append((InterestKind.COMPETITOR.value, rival.name))
        elif operator := rivals.get(organisation) or staff.get(one.user_id):
            reasons.append((InterestKind.COMPETITOR.value, operator))
        if organisation and organisation in holders:
            reasons.append((InterestKind.SHAREHOLDING.value, one.organisation))
        if one.name in advised:
            reasons.append((InterestKind.ADVISER.value, one.name))
    interests = Interest.objects.filter(active_q(on), reviewer__in=by_key)
    for row in interests.filter(Q(tenant=tenant) | Q(tenant=None)):
        if row.tenant_id or plain(row.organisation) == plain(tenant.name):
            reasons = found[by_key[row.reviewer_id]]
            reasons.append((row.kind, row.note or str(row.get_source_display())))
    return found


#: Money that gives no share in the firm.
NO_SHARE = (Funding.Kind.LOAN, Funding.Kind.GRANT)


def firms_of(reviewers) -> dict:
    """For each reviewer the tenants it works for: by its account, its organisation's name or code."""
    accounts = defaultdict(set)
    through = Tenant.users.through.objects.filter(user__in=[one.user_id for one in reviewers])
    for user, tenant in through.values_list("user_id", "tenant_id"):
        accounts[user].add(tenant)
    tenants = Tenant.objects.standing().filter(
        Q(pk__in=set().union(*accounts.values()))
        | Q(name__in={one.organisation for one in reviewers} - {""})
        | Q(uscc__in={one.organisation_uscc for one in reviewers} - {""})
    )  # fmt: skip
    tenants = list(tenants.only("name", "uscc", "industry_code", "field"))
    return {
        one: [
            firm for firm in tenants
            if firm.pk in accounts[one.user_id]
            or firm.uscc and firm.uscc == one.organisation_uscc
            or one.organisation and plain(firm.name) == plain(one.organisation)
        ]
        for one in reviewers
    }  # fmt: skip


def _same_line(firm, tenant) -> bool:
    """Another firm of the same class of industry or, where a class is not known, of the same field."""
    if firm.pk == tenant.pk:
        return False
    if firm.industry_code and tenant.industry_code:
        return firm.industry_code == tenant.industry_code
    return bool(firm.field) and plain(firm.field) == plain(tenant.field)


def _rival_operators(carrier) -> dict[str, str]:
    """Who runs another park or carrier, but not this carrier or its park."""
    own = {plain(carrier.operator), plain(carrier.park.operator), ""}
    names = {*Park.objects.values_list("operator", flat=True).distinct()}
    names |= {*Carrier.objects.values_list("operator", flat=True).distinct()}
    return {plain(name): name for name in sorted(names) if plain(name) not in own}


def _rival_staff(carrier, reviewers) -> dict[int, str]:
    """``{user: operator}`` of those who work in a park of another operator, and not in this one."""
    links = Park.staff.through.objects.filter(user__in=[one.user_id for one in reviewers])
    links = list(links.values_list("user_id", "park_id", "park__operator", "park__name"))
    at_home = {user for user, park, *_rest in links if park == carrier.park_id}
    own = carrier.park.operator
    return {
        user: operator or park_name for user, _park, operator, park_name in links
        if user not in at_home and not (own and plain(operator) == plain(own))
    }  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """``reviewers``: those proposed, the least busy first; ``others``: who could be asked as well;
    ``conflicts``: who is left out and why; ``full``: who has as many reviews as it takes at once."""

    reviewers: list
    others: list
    conflicts: dict
    full: list


def propose_reviewers(application, *, on, count=None) -> Proposal:
    """The ``count`` reviewers with the fewest open reviews and no interest; ties by name.

    Without a ``count`` as many as the carrier still lacks. Whoever has as many reviews as it
    takes at once, or is asked already, is left out.
    """
    if count is None:
        needed = intake_of(application.carrier).reviewer_count
        count = max(0, needed - reviews_of(application).count())
    asked = application.assignments.filter(round=round_of(application)).values("reviewer")
    rows = list(pool(on).exclude(pk__in=asked))
    conflicts = conflicts_of(application, rows, on)
    free = [one for one in rows if not conflicts[one]]
    able = [one for one in free if one.load < one.most_open]
    return Proposal(
        able[:count], able[count:], {one: why for one, why in conflicts.items() if why},
        [one for one in free if one.load >= one.most_open],
    )  # fmt: skip


@dataclass(frozen=True)
class Criterion:
    """A line of the table: ``cells``: points of each handed-in review, None on another sheet."""

    criterion: object
    cells: list
    mean: Decimal
    spread: Decimal


@dataclass(frozen=True)
class Summary:
    """``assignments``: the reviews of the round that the viewer may see, ``handed`` those in.

    ``lines``: criterion by criterion over ``handed``; ``hidden``: how many handed-in reviews the
    viewer may not see yet; ``score`` is None then.
    """

    assignments: list
    handed: list
    lines: list
    score: object
    hidden: int


def review_summary(application, viewer) -> Summary:
    """Whoever reviews sees others' points once its own are in; applicants see none of them."""
    rows = reviews_of(application).select_related("reviewer", "sheet")
    rows = list(rows.prefetch_related("scores__criterion"))
    seen = seen_by(viewer, rows)
    handed = [one for one in seen if one.submitted_at]
    hidden = sum(1 for one in rows if one.submitted_at) - len(handed)
    return Summary(seen, handed, _lines(handed), None if hidden else score_of(application), hidden)


def seen_by(viewer, rows) -> list:
    """Those of ``rows``, the standing reviews of one round, that ``viewer`` may see."""
    own = [one for one in rows if one.reviewer.user_id == viewer.pk]
    if own:
        return rows if all(one.submitted_at for one in own) else own
    return rows if viewer.has_perm("parks.view_park") else []


def _lines(handed) -> list[Criterion]:
    lines = []
    for criterion, points in points_by_criterion(handed).items():
        given = list(points.values())
        lines.append(Criterion(
            criterion, [points.get(row) for row in handed], sum(given) / len(given),
            max(given) - min(given),
        ))  # fmt: skip
    return lines
