from parks.models.audit import AuditEntry, AuditHead
from parks.models.space import (
    Building,
    Floor,
    GeometrySource,
    Park,
    Unit,
    UnitChange,
    UnitClosure,
    UnitFormerNumber,
)

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Building",
    "Floor",
    "GeometrySource",
    "Park",
    "Unit",
    "UnitChange",
    "UnitClosure",
    "UnitFormerNumber",
]
