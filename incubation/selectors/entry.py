"""The conditions of entry of residencies, judged by the rule sets in force on the day of entry."""


def unmet_conditions(residencies) -> dict:
    """For each residency that fails one: the conditions in words. What is unknown does not block."""
    return {}
