"""People register, confirm their address, and are forgotten when they ask for it."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from parks.audit import record
from parks.errors import SomeoneWasFaster, refusing
from parks.models import Subscription
from tenants import personal
from tenants.errors import AccountNotYours, EraseRefused, LinkUsed
from tenants.models import Account, Tenant

#: The role of whoever registers itself.
ROLE = "startup"
#: How long an address waits to be confirmed before what was typed is deleted.
UNCONFIRMED_DAYS = 7


def normalised(address) -> str:
    """An address as it is kept and compared."""
    return str(address).strip().lower()


@transaction.atomic
def register_person(*, address, name, terms_version, language, at) -> Account | None:
    """Who says to be ``name`` waits for the confirmation of ``address``; it cannot log in before.

    None where the address is somebody's already. One that was never confirmed is registered
    anew, and its earlier links die. Nothing is written in the trail, which never forgets, before
    the address is confirmed.
    """
    address = normalised(address)
    account = Account.objects.select_for_update().filter(address=address).first()
    if account and account.confirmed_at:
        return None
    if account is None:
        if User.objects.filter(email__iexact=address).exists():
            return None
        user = User(username=f"p{get_random_string(11, 'abcdefghjkmnpqrstuvwxyz23456789')}")
        account = Account(user=user, address=address)
    user = account.user
    user.first_name, user.email, user.is_active = name.strip(), address, False
    user.set_unusable_password()
    user.save()
    account.user = user
    account.terms_version, account.terms_accepted_at = terms_version, at
    account.registered_at = at
    with refusing(tenants_account_address_key=SomeoneWasFaster, tenants_account=SomeoneWasFaster):
        account.save()
    Subscription.objects.update_or_create(
        user=user, defaults={"language": language},
        create_defaults={"language": language, "token": get_random_string(43), "token_made_at": at},
    )  # fmt: skip
    return account


@transaction.atomic
def confirm_person(*, account, password, at) -> Account:
    """The owner of the address sets its password: from now on it logs in, as a startup.

    The caller has checked the link. Raises ``LinkUsed`` for the second of two.
    """
    account = Account.objects.select_for_update().select_related("user").get(pk=account.pk)
    if account.confirmed_at:
        raise LinkUsed(_("This link was used already. Log in with your address and password."))
    user = account.user
    user.set_password(password)
    user.is_active = True
    user.save()
    user.groups.add(Group.objects.get_or_create(name=ROLE)[0])
    account.confirmed_at = at
    account.save()
    record("register", account, by=user, after={
        "terms_version": account.terms_version, "terms_accepted_at": account.terms_accepted_at.isoformat(),
        "confirmed_at": at.isoformat(),
    })  # fmt: skip
    return account


@transaction.atomic
def correct_name(*, user, name, by) -> User:
    """How a person is called; the trail says that it was corrected and not how it was before."""
    user.first_name, user.last_name = name.strip(), ""
    user.save(update_fields=["first_name", "last_name"])
    record("correct", user, by=by, after={})
    return user


@transaction.atomic
def forget_unconfirmed(*, at) -> int:
    """Delete what people typed who never confirmed their address; returns how many."""
    old = Account.objects.filter(
        confirmed_at=None, registered_at__lte=at - timedelta(days=UNCONFIRMED_DAYS)
    )
    users = User.objects.filter(pk__in=list(old.values_list("user", flat=True)))
    found = users.count()
    users.delete()
    return found


@transaction.atomic
def erase_account(*, user, by, at, on) -> Account:
    """Forget the person: name, address, password, memberships, notices, filters, log-ins.

    The user's row stays, nameless and closed, because the trail and what it handed in name it.
    Raises ``AccountNotYours``, and ``EraseRefused`` with everything that stands against it.
    """
    account = Account.objects.select_for_update().filter(user=user, erased_at=None).first()
    if account is None or account.confirmed_at is None or by != user:
        raise AccountNotYours(
            _("This account was made by an administrator, who can also close it.")
        )
    # Of two members who leave at once the second sees that it is the last.
    list(Tenant.objects.select_for_update(of=("self",)).filter(users=user).order_by("pk"))
    if found := personal.obstacles(user, on):
        raise EraseRefused(" ".join(found))
    for model in (AccessAttempt, AccessLog, AccessFailureLog):
        model.objects.filter(username__in=[user.username, account.address]).delete()
    personal.delete_own(user)
    user.claims.update(note="")
    user.tenants.clear()
    user.groups.clear()
    user.parks.clear()
    user.first_name = user.last_name = user.email = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    account.address, account.erased_at = None, at
    account.save()
    record("erase", account, by=user, after={"erased_at": at.isoformat()})
    return account
