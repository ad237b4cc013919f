"""A person founds a team or firm here, or says that it belongs to one that is known already."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, snapshot
from parks.days import local_day
from parks.errors import InvalidValue
from parks.telling import tell
from parks.throttle import allowed
from tenants import merging
from tenants import uscc as code_rules
from tenants.errors import ClaimDecided, ClaimOpen, CodeTaken, TriedTooOften
from tenants.models import Tenant, TenantClaim
from tenants.services.tenants import create_tenant

#: Teams and firms a person may register or claim in a day, whether or not they are taken.
DAY, JOINS = 24 * 3600, 10


def ask_to_join(*, user, at, **said) -> Tenant | TenantClaim:
    """``join_tenant`` for a person who asks itself. Raises ``TriedTooOften`` too.

    Counted outside the transaction: what is refused counts as well.
    """
    if not allowed("join", user.pk, most=JOINS, seconds=DAY, at=at):
        raise TriedTooOften(_("That was tried too often today. Try again tomorrow."))
    return join_tenant(user=user, at=at, **said)


@transaction.atomic
def join_tenant(
    *, user, kind, name, at, uscc="", override_reason="", note=""
) -> Tenant | TenantClaim:
    """The new team or firm of ``user``; a ``TenantClaim`` where the code is known already.

    Raises ``InvalidCode``, ``CheckDigitFails``, ``InvalidValue``, ``ClaimOpen``,
    ``ValidationError``.
    """
    code = None
    if kind == Tenant.Kind.FIRM:
        if not uscc.strip():
            raise InvalidValue(_("Type the code that stands on the licence of the firm."))
        code = code_rules.checked(uscc, override_reason=override_reason)
        if known := Tenant.objects.filter(uscc=code).first():
            return claim_tenant(user=user, tenant=known, note=note, at=at)
    elif user.tenants.standing().filter(kind=kind, name=name.strip()).exists():
        raise InvalidValue(_("You have a team of this name already."))
    try:
        tenant = create_tenant(
            name=name, kind=kind, uscc=code, by=user, uscc_override_reason=override_reason if code else "",
        )  # fmt: skip
    except CodeTaken:  # somebody else registered it in this very moment
        return claim_tenant(user=user, tenant=Tenant.objects.get(uscc=code), note=note, at=at)
    tenant.users.add(user)
    record("join", tenant, by=user, after={"users": [user.username]})
    return tenant


@transaction.atomic
def claim_tenant(*, user, tenant, note, at) -> TenantClaim:
    """``user`` waits until the staff confirm that it belongs to ``tenant``. Raises ``ClaimOpen``."""
    locked = Tenant.objects.select_for_update(of=("self",))
    tenant = locked.get(pk=tenant.pk)
    if tenant.merged_into_id:
        tenant = locked.get(pk=tenant.merged_into_id)
    if tenant.users.filter(pk=user.pk).exists():
        raise ClaimOpen(_("You belong to this firm already."))
    if tenant.claims.waiting().filter(user=user).exists():
        raise ClaimOpen(_("You have already claimed this firm. The park decides and tells you."))
    claim = TenantClaim.objects.create(user=user, tenant=tenant, note=note.strip(), made_at=at)
    record("claim", claim, by=user, park=tenant.home_park, after={"tenant_id": tenant.pk})
    if tenant.home_park:
        tell(
            kind="claim-made", on=local_day(at), park=tenant.home_park, about=claim.pk,
            params={"who": user.get_full_name() or user.username, "tenant": tenant.name},
            url=f"/accounts/claims/{claim.pk}/accept/",
        )  # fmt: skip
    return claim


@transaction.atomic
def decide_claim(*, claim, accept, by, at, reason="") -> TenantClaim:
    """``by`` confirms the claim, so that its user is a member, or refuses it with a reason.

    The members there were hear of a new one. Raises ``ClaimDecided``, ``InvalidValue``.
    """
    claim = (
        TenantClaim.objects.select_for_update(of=("self",)).select_related("user").get(pk=claim.pk)
    )
    if claim.decided_at:
        raise ClaimDecided(_("This claim was decided already."))
    if not accept and not reason.strip():
        raise InvalidValue(_("Say why; the person reads it."))
    if accept and not claim.user.is_active:
        raise InvalidValue(_("This account is closed; refuse the claim."))
    tenant = Tenant.objects.select_for_update(of=("self",)).get(pk=claim.tenant_id)
    claim.decided_at, claim.decided_by, claim.accepted = at, by, accept
    claim.reason = reason.strip()
    claim.save()
    who = claim.user.get_full_name() or claim.user.username
    told = {"on": local_day(at), "about": claim.pk,
            "params": {"tenant": tenant.name, "reason": claim.reason, "who": who}}  # fmt: skip
    after = {"accepted": accept}
    if accept:
        members = list(tenant.users.filter(is_active=True).exclude(pk=claim.user_id))
        tell(kind="member-joined", users=members, url=f"/tenants/{tenant.pk}/", **told)
        tenant.users.add(claim.user)
        after |= {"users": [claim.user.username]}
    record("confirm" if accept else "refuse_claim", claim, by=by, park=tenant.home_park, after=after,
           reason=claim.reason)  # fmt: skip
    outcome = "claim-accepted" if accept else "claim-refused"
    tell(kind=outcome, users=[claim.user], url="/accounts/me/", **told)
    return claim


@transaction.atomic
def remove_member(*, tenant, user, by, at, reason) -> Tenant:
    """``user`` no longer acts for ``tenant``, because of ``reason``. Raises ``InvalidValue``."""
    tenant = Tenant.objects.select_for_update(of=("self",)).get(pk=tenant.pk)
    if not tenant.users.filter(pk=user.pk).exists():
        raise InvalidValue(_("This person is no member."))
    tenant.users.remove(user)
    record("remove_member", tenant, by=by, park=tenant.home_park, reason=reason,
                   before={"users": [user.username]}, after={"users": []})  # fmt: skip
    tell(kind="member-removed", on=local_day(at), users=[user],
         params={"tenant": tenant.name, "reason": reason}, url="/accounts/me/")  # fmt: skip
    return tenant


@merging.uniter
def one_open_claim(keep, other):
    """Of a person who waits for both, or belongs to the one that stays, the other claim goes."""
    known = {*keep.claims.waiting().values_list("user", flat=True),
             *keep.users.values_list("pk", flat=True)}  # fmt: skip
    for claim in other.claims.waiting().filter(user__in=known):
        yield Act("remove", claim, keep.home_park, snapshot(claim), {})
        TenantClaim.objects.filter(pk=claim.pk).delete()
