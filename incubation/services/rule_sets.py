"""Rule sets come in versions: a version is never changed, only followed by the next."""

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import RuleSetDiffers, RuleVersionTaken
from incubation.models import RuleSet
from incubation.rules.bodies import RuleSetBody
from incubation.rules.compare import compare
from parks.audit import Act, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue

#: What every version of a rule set has in common.
IDENTITY = ("subject", "purpose", "stage", "kind", "level")


@transaction.atomic
def load_rule_sets(bodies, *, by, at, reason="") -> list[RuleSet]:
    """Keep those of ``bodies`` that are not there yet; returns what was made.

    A version that is there with the same content is left alone. Raises ``RuleVersionTaken`` for
    one with other content or behind the last, ``DatesOutOfOrder``, ``RuleSetDiffers``; then
    nothing is written.
    """
    made = []
    for body in sorted(bodies, key=lambda body: (body.code, body.version)):
        versions = _versions(body.code)
        same = next((v for v in versions if v.version == body.version), None)
        if same and same.digest == body.digest:
            continue
        if same:
            raise RuleVersionTaken(
                _("Version %(version)s of %(code)s is kept with other content. A version never "
                  "changes: give what is new the number %(next)s.")
                % {"version": body.version, "code": body.code, "next": versions[0].version + 1}
            )  # fmt: skip
        made.append(_follow(versions, body, by=by, at=at, reason=reason))
    return made


@transaction.atomic
def new_version(*, rule_set, body: RuleSetBody, reason, by, at) -> RuleSet:
    """The version after ``rule_set``, which must still be the last; its number is given here.

    The version before ends where the new one begins. Raises ``InvalidValue`` without a reason or
    without any change, ``RuleVersionTaken``, ``DatesOutOfOrder``, ``RuleSetDiffers``.
    """
    versions = _versions(rule_set.code)
    if versions[0].version != rule_set.version:
        raise RuleVersionTaken(
            _("Version %(version)s was made meanwhile. Start from that one.")
            % {"version": versions[0].version}
        )
    if not reason.strip():
        raise InvalidValue(_("Say why there is a new version."))
    body = body.as_version(rule_set.version + 1)
    if not compare(rule_set.rules, body):
        raise InvalidValue(_("Nothing in this version is new."))
    return _follow(versions, body, by=by, at=at, reason=reason.strip())


def _versions(code) -> list[RuleSet]:
    """The last version first; nobody else adds one meanwhile."""
    return list(RuleSet.objects.select_for_update().filter(code=code).order_by("-version"))


def _follow(versions, body, *, by, at, reason):
    acts = []
    if versions:
        last = versions[0]
        _refuse_behind(last, body)
        if last.effective_to is None or last.effective_to > body.effective_from:
            before = snapshot(last)
            last.effective_to = body.effective_from
            last.save(update_fields=["effective_to"])
            acts.append(Act("end", last, before=before))
    made = RuleSet.objects.create(
        code=body.code, version=body.version, subject=body.subject, purpose=body.purpose,
        stage=body.stage, kind=body.kind, level=body.level, effective_from=body.effective_from,
        effective_to=body.effective_to, body=body.to_mapping(), digest=body.digest, reason=reason,
        made_by=by, made_at=at,
    )  # fmt: skip
    record_all([*acts, Act("create", made)], by=by, reason=reason)
    return made


def _refuse_behind(last, body):
    names = {"code": body.code, "version": last.version, "day": last.effective_from}
    if body.version < last.version:
        raise RuleVersionTaken(
            _("%(code)s has come to version %(version)s already; an earlier one cannot be added.")
            % names
        )
    if body.effective_from <= last.effective_from:
        raise DatesOutOfOrder(
            _("%(code)s: the new version must come into force after %(day)s, the first day of "
              "version %(version)s.") % names
        )  # fmt: skip
    if any(getattr(last, name) != getattr(body, name) for name in IDENTITY):
        raise RuleSetDiffers(
            _("%(code)s: whom a rule set judges and what for is the same in all its versions. "
              "Make another rule set under a code of its own.") % names
        )  # fmt: skip
