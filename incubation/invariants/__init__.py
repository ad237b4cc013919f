"""What must always be true of the chain; importing registers the checks (``parks.invariants``)."""

from incubation.invariants import carriers, residencies, rule_sets

__all__ = ["carriers", "residencies", "rule_sets"]
