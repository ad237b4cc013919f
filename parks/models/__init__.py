from parks.models.audit import AuditEntry, AuditHead
from parks.models.notice import Notice, NoticeReading, Subscription
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
from parks.models.upload import Upload, UploadAct

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Building",
    "Floor",
    "GeometrySource",
    "Notice",
    "NoticeReading",
    "Park",
    "Subscription",
    "Unit",
    "UnitChange",
    "UnitClosure",
    "UnitFormerNumber",
    "Upload",
    "UploadAct",
]
