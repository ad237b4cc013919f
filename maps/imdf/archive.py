"""An IMDF archive once read: features file by file, what is wrong with it, and its vocabulary."""

from dataclasses import dataclass, field

import shapely

#: Unit categories of IMDF 1.0.0 that people let; every other known one is circulation or service.
LETTABLE = {
    "auditorium", "classroom", "conferenceroom", "exhibit", "fitnessroom", "foodservice", "kitchen",
    "laboratory", "library", "lounge", "office", "privatelounge", "recreation", "room", "storage",
    "theater", "unspecified", "unenclosedarea", "movietheater", "store", "brick", "ballroom",
    "banquethall", "barshop", "examroom", "operatingroom", "patientroom",
}  # fmt: skip
SERVICE = {
    "checkroom", "circulation", "column", "concrete", "corridor", "elevator", "escalator",
    "emergencyexit", "firstaid", "footbridge", "huddleroom", "informationdesk", "lobby", "lockerroom",
    "mailroom", "mothersroom", "movingwalkway", "nonpublic", "opentobelow", "parking", "phoneroom",
    "platform", "prayerroom", "privatelounge", "ramp", "restroom", "restroom.family",
    "restroom.female", "restroom.female.wheelchair", "restroom.male", "restroom.male.wheelchair",
    "restroom.transgender", "restroom.transgender.wheelchair", "restroom.unisex",
    "restroom.unisex.wheelchair", "restroom.wheelchair", "road", "sauna", "security",
    "serverroom", "serviceanimalrelief", "shower", "smokingarea", "stairs", "steps", "structure",
    "swimmingpool", "terrace", "ticketing", "unenclosed", "vegetation", "waitingroom", "walkway",
    "walkway.island", "winderroom",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """``severity``: error (the archive is refused), warning (repaired or left), note."""

    severity: str
    file: str
    code: str
    message: str
    feature: str = ""

    def __str__(self):
        where = f"{self.file} {self.feature}".strip()
        return f"{self.severity}: {where}: {self.message} [{self.code}]"


@dataclass(slots=True)
class Feature:
    id: str
    properties: dict
    geometry: shapely.Geometry | None

    def name(self, default="") -> str:
        """The first of the localised names, Chinese before English before any."""
        names = self.properties.get("name")
        if isinstance(names, str):
            return _plain(names) or default
        if isinstance(names, dict):
            for language in ("zh-Hans", "zh-CN", "zh", "en", *names):
                text = names.get(language)
                if isinstance(text, str) and _plain(text):
                    return _plain(text)
        return default


def _plain(text):
    """``text`` as a name can be: no NUL, which PostgreSQL refuses, one line, 100 characters."""
    return " ".join(text.replace("\x00", "").split())[:100]


@dataclass(slots=True)
class Archive:
    """``features[file]``: id → Feature, in the order of the file. ``counts``: rows met in each."""

    features: dict[str, dict[str, Feature]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    language: str = ""

    def add(self, severity, file, code, message, feature=""):
        self.findings.append(Finding(severity, file, code, message, str(feature)[:60]))

    @property
    def errors(self):
        return [finding for finding in self.findings if finding.severity == "error"]
