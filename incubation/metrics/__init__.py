"""Facts about firms and carriers as of a day, and the metrics that rules ask for.

Importing this package enters every metric into ``incubation.rules.METRICS``.
"""

from incubation.metrics import carrier, firm, service
from incubation.metrics.gather import Carriers, Firms

__all__ = ["Carriers", "Firms", "carrier", "firm", "service"]
