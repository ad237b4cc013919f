"""An application begins, and takes one step after another along ``incubation.workflow``."""

from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from incubation.application_notices import announce
from incubation.errors import ApplicationState, ApplicationUnderWay
from incubation.models import Application, ApplicationStep
from incubation.services.waiting import follow
from incubation.workflow import ACTS, CLOSED, FALLS, WRITABLE, State
from parks.audit import record, snapshot
from parks.errors import InvalidValue, SomeoneWasFaster, refusing
from tenants.services.tenants import refuse_merged


@transaction.atomic
def start_application(
    *, tenant, carrier, by, at, on, call=None, previous=None, **content
) -> Application:
    """A draft of ``tenant`` to ``carrier``; ``content``: other columns of ``Application``.

    Raises ``ApplicationUnderWay`` while another one to the carrier is open.
    """
    refuse_merged([tenant])
    _record_lapsed(Application.objects.filter(tenant=tenant, carrier=carrier), at=at, on=on)
    application = Application(
        tenant=tenant, carrier=carrier, applicant=by if by and by.is_authenticated else None,
        call=call, previous=previous, saved_at=at, **content,
    )  # fmt: skip
    application.clean_fields(
        exclude=["number", "tenant", "carrier", "applicant", "call", "previous"]
    )
    under_way = ApplicationUnderWay(
        _("An application of %(tenant)s to %(carrier)s is already under way. Go on with it."),
        tenant=tenant.name, carrier=carrier.name,
    )  # fmt: skip
    if Application.objects.filter(tenant=tenant, carrier=carrier, closed_on=None).exists():
        raise under_way
    # Of several who begin at the same moment PostgreSQL's unique column lets one have a number;
    # on SQLite they write one after the other.
    for _attempt in range(20):
        application.number = _next_number(on)
        try:
            with refusing(
                application_one_open=lambda: under_way,
                incubation_application_number_key=SomeoneWasFaster,
            ):
                application.save()
                break
        except SomeoneWasFaster:
            continue
    else:
        raise SomeoneWasFaster
    step(application=application, act="start", by=by, at=at, on=on)
    return application


def _next_number(on) -> str:
    """``A<year>-<nnnn>``, with more digits from the ten thousandth on."""
    prefix = f"A{on.year}-"
    numbers = Application.objects.filter(number__startswith=prefix)
    last = numbers.order_by(Length("number"), "number").last()
    return f"{prefix}{int(last.number.removeprefix(prefix)) + 1 if last else 1:04d}"


@transaction.atomic
def step(
    *, application, act, by, at, on, target=None, until=None, opinion="", details=None, content=None
) -> ApplicationStep:
    """Do ``act``: the only way an application changes its state.

    Parameters
    ----------
    act : str
        A key of ``ACTS``. ``target`` chooses where it has more than one.
    until : datetime.date, optional
        The day the new state ends by itself, for the states of ``FALLS``.

    Raises ``ApplicationState`` where the table has no such way, ``SomeoneWasFaster``.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("carrier__park")
    locked = locked.defer("carrier__park__boundary").get(pk=application.pk)
    last = ApplicationStep.objects.filter(application=locked).order_by("-sequence").first()
    rule = ACTS[act]
    # What lapsed is written down as leading from where it stood.
    state = last.target if act == "lapse" else state_on(last, on)
    if state not in rule.moves or last and last.on > on:
        raise ApplicationState(
            _("The application is now: %(state)s. This is no longer possible."),
            state=State(state).label if state else "",
        )  # fmt: skip
    target = target or rule.moves[state][0]
    if rule.opinion and not opinion.strip():
        raise InvalidValue(_("Write the reason; the applicant reads it."))
    row = ApplicationStep(
        application=locked, sequence=last.sequence + 1 if last else 1, act=act, source=state,
        target=target, until=until, on=on, at=at, by=by if by and by.is_authenticated else None,
        opinion=opinion.strip(), details=details or {}, content=content,
    )  # fmt: skip
    with refusing(application_step_sequence=SomeoneWasFaster):
        row.save()
    before = snapshot(locked)
    if target in CLOSED:
        locked.closed_on = on
        locked.save(update_fields=["closed_on"])
    application.closed_on = locked.closed_on
    after = snapshot(locked) | {"state": str(target)}
    record(
        act, locked, by=by, park=locked.carrier.park, before=before | {"state": str(state)},
        after=after, reason=opinion,
    )  # fmt: skip
    follow(row, by=by)
    announce(row)
    return row


def written(application, on) -> Application:
    """The row locked for a change; raises ``ApplicationState`` when it is not with the applicant."""
    rows = Application.objects.select_for_update(of=("self",)).with_state(on)
    rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
    row = rows.get(pk=application.pk)
    if row.state not in WRITABLE:
        raise ApplicationState(
            _("The application is now: %(state)s. It can no longer be changed."),
            state=State(row.state).label if row.state else "",
        )  # fmt: skip
    return row


def state_on(last, on) -> str:
    """The state after the step ``last`` on ``on``, as ``ApplicationQuerySet.with_state`` says it."""
    if last is None:
        return ""
    if last.until and last.until <= on:
        return str(FALLS[State(last.target)])
    return last.target


def _record_lapsed(applications, *, at, on) -> list[Application]:
    """Write down what ended by itself by ``on``, so that the log says it and the way is free."""
    found = []
    rows = applications.filter(closed_on=None).with_state(on).filter(_until__lte=on)
    for one in rows.select_related("carrier__park"):
        last = one.steps.order_by("-sequence").first()
        if last and last.until and last.until <= on:
            step(
                application=one, act="lapse", by=None, at=at, on=last.until,
                target=FALLS[State(last.target)],
            )  # fmt: skip
            found.append(one)
    return found


def record_lapsed(*, at, on) -> list[Application]:
    """Every application whose state ended by itself by ``on``; safe to run twice."""
    return _record_lapsed(Application.objects.all(), at=at, on=on)
