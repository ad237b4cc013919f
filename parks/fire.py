"""Fire-hazard classes of production, 甲 (most dangerous) to 戊 (least)."""

from parks.models.space import FireClass

ORDER = [choice.value for choice in FireClass]


def hosts(building_class: str, wanted_class: str) -> bool:
    """May a building of ``building_class`` hold production of ``wanted_class``?

    A 丁 building may not host 甲, 乙 or 丙 production; the reverse may. An unknown class of the
    building hosts nothing that is asked for; nothing asked for is hosted everywhere. Source:
    domain notes §4.
    """
    if not wanted_class:
        return True
    return bool(building_class) and ORDER.index(building_class) <= ORDER.index(wanted_class)


def hosting(wanted_class: str) -> list[str]:
    """The classes of buildings that may hold production of ``wanted_class``."""
    return [value for value in ORDER if hosts(value, wanted_class)]
