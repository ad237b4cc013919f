"""What a firm and its park tell each other: figures handed in, problems reported, members."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parks import notices
from parks.notices import Kind
from tenants.models import TenantClaim, VisitProblem, YearFigure

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
    "claim-made": Kind(
        _("Somebody claims a firm"),
        _("%(who)s says to belong to %(tenant)s. Confirm it or refuse it with a reason."), "warn"),
    "claim-accepted": Kind(
        _("Membership confirmed"), _("You belong to %(tenant)s now and act for it.")),
    "claim-refused": Kind(
        _("Membership refused"),
        _("You were not confirmed as a member of %(tenant)s. The reason: %(reason)s"), "bad"),
    "member-joined": Kind(
        _("New member"),
        _("%(who)s was confirmed as a member of %(tenant)s and acts for it now. If you do not know "
          "this person, tell your park at once."), "warn"),
    "member-removed": Kind(
        _("Membership ended"),
        _("You no longer belong to %(tenant)s. The reason: %(reason)s"), "warn"),
}  # fmt: skip
for _key, _kind in KINDS.items():
    notices.register_kind(_key, _kind)


def _to_confirm(on):
    return Q(Exists(YearFigure.objects.to_confirm().filter(pk=OuterRef("about"))))


def _unsolved(on):
    solved = Q(solved_on__lte=on)
    return Q(Exists(VisitProblem.objects.exclude(solved).filter(pk=OuterRef("about"))))


def _undecided(on):
    return Q(Exists(TenantClaim.objects.waiting().filter(pk=OuterRef("about"))))


notices.register_condition("claim-made", _undecided)
notices.register_condition("figures-handed-in", _to_confirm)
notices.register_condition("problem-reported", _unsolved)
