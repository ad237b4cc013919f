"""Met, not met, or nobody knows."""

from enum import IntEnum

from django.utils.translation import gettext_lazy as _


class Verdict(IntEnum):
    NOT_MET = 0
    MET = 1
    UNKNOWN = 2

    @property
    def label(self):
        return (_("not met"), _("met"), _("unknown"))[self]
