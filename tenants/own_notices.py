"""What a firm and its park tell each other: figures handed in, problems reported."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parks import notices
from parks.notices import Kind
from tenants.models import VisitProblem, YearFigure

KINDS = {
    "figures-handed-in": Kind(
        _("Figures to confirm"), _("%(who)s handed in its figures of %(title)s: check and confirm.")),
    "figures-confirmed": Kind(
        _("Figures confirmed"), _("The figures of %(who)s of %(title)s are confirmed.")),
    "figures-asked-again": Kind(
        _("Correct the figures"),
        _("Please correct the figures of %(who)s of %(title)s: %(reason)s"), "warn"),
    "problem-reported": Kind(
        _("Problem reported"), _("%(who)s reports a problem, %(title)s: %(reason)s"), "warn"),
    "problem-handled": Kind(
        _("Your problem is being handled"), _("%(handled)s handles your problem: %(title)s.")),
    "problem-solved": Kind(
        _("Your problem is solved"), _("Solved, %(title)s: %(reason)s")),
}  # fmt: skip
for _key, _kind in KINDS.items():
    notices.register_kind(_key, _kind)


def _to_confirm(on):
    return Q(Exists(YearFigure.objects.to_confirm().filter(pk=OuterRef("about"))))


def _unsolved(on):
    solved = Q(solved_on__lte=on)
    return Q(Exists(VisitProblem.objects.exclude(solved).filter(pk=OuterRef("about"))))


notices.register_condition("figures-handed-in", _to_confirm)
notices.register_condition("problem-reported", _unsolved)
