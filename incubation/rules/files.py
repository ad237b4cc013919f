"""Rule sets in files: ``<code>.v<version>.toml``, one version each."""

import tomllib
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

from django.utils.translation import gettext

from incubation.rules.bodies import RuleFileError, RuleSetBody

#: The rule sets this product ships.
SHIPPED = Path(__file__).parent.parent / "rule_sets"


def shipped() -> list[Path]:
    return sorted(SHIPPED.glob("*.toml"))


def read_files(paths, metrics) -> list[RuleSetBody]:
    """The bodies of all ``paths``, by code and version.

    Raises ``RuleFileError`` with every fault of every file, also where versions of one rule set
    contradict each other.
    """
    bodies, faults = [], []
    for path in map(Path, paths):
        try:
            body = read_file(path, metrics)
        except RuleFileError as error:
            faults += [f"{path.name}: {fault}" for fault in error.faults]
        else:
            bodies.append(body)
    faults += contradictions(bodies)
    if faults:
        raise RuleFileError(faults)
    return sorted(bodies, key=attrgetter("code", "version"))


def read_file(path: Path, metrics) -> RuleSetBody:
    try:
        mapping = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleFileError(
            [gettext("cannot be opened (%(why)s)") % {"why": error.strerror}]
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleFileError([gettext("is not TOML (%(why)s)") % {"why": error}]) from error
    body = RuleSetBody.from_mapping(mapping, metrics=metrics)
    name = f"{body.code}.v{body.version}.toml"
    if path.name != name:
        raise RuleFileError([gettext("the file must be called %(name)s") % {"name": name}])
    return body


def contradictions(bodies) -> list[str]:
    """Faults of versions of the same rule set against each other, in words.

    A version without a last day gives way to the next; one with a last day must not reach into
    the next, and a later version begins later.
    """
    faults = []
    for code in sorted({body.code for body in bodies}):
        versions = sorted((b for b in bodies if b.code == code), key=attrgetter("version"))
        for before, after in pairwise(versions):
            names = {"code": code, "before": before.version, "after": after.version}
            if before.version == after.version:
                faults.append(gettext("%(code)s: version %(after)s is there twice") % names)
            elif after.effective_from <= before.effective_from:
                faults.append(
                    gettext("%(code)s: version %(after)s must begin after version %(before)s")
                    % names
                )
            elif before.effective_to and before.effective_to > after.effective_from:
                faults.append(
                    gettext("%(code)s: versions %(before)s and %(after)s share days") % names
                )
    return faults
