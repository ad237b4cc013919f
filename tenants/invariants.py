"""What must always be true of leases and holds (domain notes §5); see ``parks.invariants``."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from stdnum.cn import uscc

from parks.invariants import Violation, check, found, outside_existence
from parks.models import UnitClosure
from tenants.models import (
    Account,
    AskingRent,
    Hold,
    Lease,
    LeaseLine,
    Move,
    MoveOut,
    RentFree,
    RentStep,
    Tenant,
    VisitProblem,
)
from tenants.services.documents import proving
from tenants.services.lease_terms import LONGEST_TERM_YEARS
from tenants.services.merging import owned_by_tenants


def sharing_days(rows, *, start="start", end="end"):
    """``rows`` of the outer row's unit that share a day with it."""
    return rows.filter(unit=OuterRef("unit"), start__lt=OuterRef(end)).filter(
        Q(end__isnull=True) | Q(end__gt=OuterRef(start))
    )


@check
def lines_within_existence():
    bad = outside_existence(LeaseLine.objects.binding())
    return found("line_outside_unit", bad, "binds a unit on days it does not exist")


@check
def holds_within_existence():
    return found(
        "hold_outside_unit", outside_existence(Hold.objects.binding()), "unit not there then"
    )


@check
def rents_are_asked_while_the_unit_exists():
    bad = outside_existence(AskingRent.objects.all())
    return found("asking_outside_unit", bad, "asks a rent on days the unit does not exist")


@check
def closed_units_are_not_let():
    lines = LeaseLine.objects.binding()
    bad = lines.filter(Exists(sharing_days(UnitClosure.objects.all())))
    yield from found("let_while_closed", bad, "binds a closed unit")
    holds = Hold.objects.binding().filter(Exists(sharing_days(UnitClosure.objects.all())))
    yield from found("held_while_closed", holds, "holds a closed unit")


@check
def held_units_are_let_to_their_holder():
    others = sharing_days(Hold.objects.binding()).exclude(tenant=OuterRef("lease__tenant"))
    nobody = sharing_days(Hold.objects.binding()).filter(tenant__isnull=True)
    bad = LeaseLine.objects.binding().filter(Exists(others) | Exists(nobody))
    return found("let_while_held", bad, "binds a unit that somebody else holds")


@check
def lines_within_their_lease():
    bad = LeaseLine.objects.filter(Q(start__lt=F("lease__start")) | Q(end__gt=F("lease__end")))
    yield from found("line_outside_lease", bad, "has days outside its lease")
    late = LeaseLine.objects.binding().filter(end__gt=F("lease__terminated_on"))
    yield from found("line_after_end", late, "goes on after its lease ended early")


@check
def binding_follows_the_lease():
    """Binding = signed, not void, and begun before an early end."""
    should = (
        Q(lease__signed_on__isnull=False)
        & Q(lease__voided_on__isnull=True)
        & (Q(lease__terminated_on__isnull=True) | Q(start__lt=F("lease__terminated_on")))
    )
    bad = LeaseLine.objects.filter(Q(binding=True) & ~should | Q(binding=False) & should)
    return found("binding", bad, "binds otherwise than its lease says")


@check
def leases_stay_in_their_park():
    bad = LeaseLine.objects.exclude(unit__floor__building__park=F("lease__park"))
    return found("lease_park", bad, "lets a unit of another park")


@check
def lease_dates_in_order():
    bad = Lease.objects.filter(
        Q(end__lte=F("start"))
        | Q(handed_over_on__lt=F("signed_on"))
        | Q(handed_over_on__gte=F("end"))
        | Q(start_by__lt=F("start"))
        | Q(terminated_on__lt=F("start"))
        | Q(terminated_on__gte=F("end"))
        | Q(voided_on__lt=F("signed_on"))
        | Q(rejected_on__lt=F("submitted_on"))
    )
    yield from found("lease_dates", bad, "dates out of order")
    longest = timedelta(days=int(LONGEST_TERM_YEARS * 365.25) + 1)
    for lease in Lease.objects.only("start", "end").filter(end__gt=F("start") + longest):
        yield Violation("lease_term", f"tenants.Lease {lease.pk}", "runs more than twenty years")


@check
def leases_follow_their_own():
    bad = Lease.objects.filter(previous__isnull=False).exclude(previous__tenant=F("tenant"))
    yield from found("lease_chain", bad, "follows a lease of another tenant")
    elsewhere = Lease.objects.filter(previous__isnull=False).exclude(previous__park=F("park"))
    yield from found("lease_chain", elsewhere, "follows a lease of another park")


@check
def signed_leases_have_units():
    lines = LeaseLine.objects.filter(lease=OuterRef("pk"))
    return found("lease_empty", Lease.objects.binding().filter(~Exists(lines)), "has no unit")


@check
def money_rows_within_the_lease():
    steps = RentStep.objects.exclude(start__gt=F("line__start"), start__lt=F("line__lease__end"))
    yield from found("rent_step", steps, "lies outside its line")
    free = RentFree.objects.filter(Q(start__lt=F("lease__start")) | Q(end__gt=F("lease__end")))
    yield from found("rent_free", free, "lies outside its lease")


@check
def codes_are_lawful():
    firms = Tenant.objects.exclude(uscc__isnull=True).filter(uscc_override_reason="")
    for pk, code in firms.values_list("pk", "uscc").iterator(chunk_size=5000):
        if not uscc.is_valid(code):
            yield Violation(
                "uscc", f"tenants.Tenant {pk}", f"{code} does not fit and has no reason"
            )


@check
def moves_happen_on_their_day():
    """A standing plan's leases end and begin on its day; what was made void since is out of it."""
    moves = Move.objects.filter(plan__cancelled_on__isnull=True)
    late = moves.filter(before__voided_on__isnull=True).exclude(
        Q(before__isnull=True) | Q(before__terminated_on=F("plan__effective_on"))
    )
    yield from found("move_day", late, "ends a lease on another day than its plan's")
    begun = moves.filter(after__voided_on__isnull=True).exclude(
        Q(after__isnull=True) | Q(after__start=F("plan__effective_on"))
    )
    yield from found("move_day", begun, "begins a lease on another day than its plan's")
    standing = Move.objects.filter(plan__cancelled_on__isnull=False, after__isnull=False)
    kept = standing.filter(after__voided_on__isnull=True)
    yield from found("move_day", kept, "was cancelled and its lease still stands")


@check
def move_outs_fit_their_lease():
    rows = MoveOut.objects.filter(deposit_kept__gt=F("lease__deposit"))
    yield from found("move_out_deposit", rows, "keeps more than the deposit")
    rows = MoveOut.objects.filter(lease__signed_on=None)
    yield from found("move_out_unsigned", rows, "leaves a lease nobody signed")


@check
def merged_tenants_own_nothing():
    chained = Tenant.objects.filter(merged_into__merged_into__isnull=False)
    yield from found("merged_tenant", chained, "is merged into one that is merged itself")
    for model, name in owned_by_tenants():
        left = model.objects.filter(**{f"{name}__merged_into__isnull": False})
        yield from found("merged_tenant", left, "belongs to a tenant merged into another")


@check
def problems_are_solved_after_they_are_found():
    early = VisitProblem.objects.filter(solved_on__lt=F("visit__on"))
    return found("visit_problem", early, "was solved before it was found")


@check
def facts_are_proved_by_files_of_their_tenant():
    for model, name in proving():
        path = f"{name}__"
        other = Q(**{f"{path}tenant__isnull": True}) | ~Q(**{f"{path}tenant": F("tenant")})
        gone = Q(**{f"{path}removed_at__isnull": False})
        rows = model.objects.filter(Q(**{f"{name}__isnull": False}) & (other | gone))
        yield from found("evidence", rows, "is proved by a file that is another's or gone")


@check
def accounts_open_and_close():
    """Nobody logs in before the address is confirmed, and nothing names who was forgotten."""
    early = Account.objects.filter(confirmed_at__isnull=True, user__is_active=True)
    yield from found("account_open_unconfirmed", early, "logs in with an address never confirmed")
    named = ~Q(user__first_name="") | ~Q(user__last_name="") | ~Q(user__email="")
    member = Q(user__in=Tenant.users.through.objects.values("user"))
    erased = Account.objects.filter(erased_at__isnull=False)
    bad = erased.filter(named | member | Q(user__is_active=True))
    yield from found("account_not_erased", bad, "was deleted and still names or admits somebody")
