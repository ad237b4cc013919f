"""What must always be true of the chain; importing registers the checks (``parks.invariants``)."""

from incubation.invariants import carriers, placing, residencies, rule_sets

__all__ = ["carriers", "placing", "residencies", "rule_sets"]
