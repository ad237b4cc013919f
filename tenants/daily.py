"""What tenants write down once a day (see ``parks.daily``)."""

from django.utils.translation import gettext as _

from parks.daily import each_day
from tenants.services.accounts import forget_unconfirmed


@each_day
def registrations_forgotten(*, at, on):
    found = forget_unconfirmed(at=at)
    return found and _("%(count)s registrations never confirmed, deleted") % {"count": found}
