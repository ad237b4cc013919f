"""The acts of applications in the words of the audit trail (``tenants.trail``)."""

from django.utils.translation import gettext_lazy as _

from incubation.workflow import ACTS
from tenants.trail import ACTIONS

for _act in ACTS.values():
    ACTIONS.setdefault(_act.key, _act.label)
ACTIONS |= {
    "offer": _("space offered"), "answer": _("offer answered"), "message": _("message sent"),
    "set_intake": _("settings of applications changed"), "open_call": _("call opened"),
    "correct_call": _("call corrected"), "ask_review": _("review asked for"),
    "hand_in_review": _("review handed in"), "take_off": _("review taken off"),
    "declare_interest": _("interest declared"),
}  # fmt: skip
