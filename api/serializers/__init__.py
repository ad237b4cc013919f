"""Shapes of requests and answers. Rules are the services'."""

from api.serializers.access import TokenSerializer
from api.serializers.acts import DayReasonSerializer, NeededReasonSerializer, ReasonSerializer
from api.serializers.fields import GeometryColumn, Text
from api.serializers.indicators import IndicatorSerializer
from api.serializers.letting import (
    AmendSerializer,
    BulkRenewSerializer,
    ChargeSerializer,
    DocumentSerializer,
    DraftLineSerializer,
    DraftSerializer,
    HoldSerializer,
    LeaseSerializer,
    LineSerializer,
    MoveOutSerializer,
    MoveOutStepSerializer,
    NewDocumentSerializer,
    RenewSerializer,
    SignSerializer,
)
from api.serializers.space import (
    BuildingSerializer,
    ChangeSerializer,
    CloseSerializer,
    ClosureSerializer,
    FloorSerializer,
    MergeSerializer,
    ParkSerializer,
    PartSerializer,
    SplitSerializer,
    UnitSerializer,
)
from api.serializers.tenants import MergeTenantsSerializer, RenameSerializer, TenantSerializer

__all__ = [
    "AmendSerializer",
    "BuildingSerializer",
    "BulkRenewSerializer",
    "ChangeSerializer",
    "ChargeSerializer",
    "CloseSerializer",
    "ClosureSerializer",
    "DayReasonSerializer",
    "DocumentSerializer",
    "DraftLineSerializer",
    "DraftSerializer",
    "FloorSerializer",
    "GeometryColumn",
    "HoldSerializer",
    "IndicatorSerializer",
    "LeaseSerializer",
    "LineSerializer",
    "MergeSerializer",
    "MergeTenantsSerializer",
    "MoveOutSerializer",
    "MoveOutStepSerializer",
    "NeededReasonSerializer",
    "NewDocumentSerializer",
    "ParkSerializer",
    "PartSerializer",
    "ReasonSerializer",
    "RenameSerializer",
    "RenewSerializer",
    "SignSerializer",
    "SplitSerializer",
    "TenantSerializer",
    "Text",
    "TokenSerializer",
    "UnitSerializer",
]
