from incubation.models.carrier import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierSpace,
    CarrierYear,
)
from incubation.models.residency import FollowUp, GraduationReview, Residency, ResidencyExtension
from incubation.models.rule_set import RuleSet
from incubation.models.service import (
    EventAttendance,
    Mentor,
    MentorPairing,
    MentorSession,
    ServiceEvent,
)
from incubation.models.stage import CarrierKind, Level, Stage

__all__ = [
    "Carrier",
    "CarrierChange",
    "CarrierGrade",
    "CarrierKind",
    "CarrierRecognition",
    "CarrierSpace",
    "CarrierYear",
    "EventAttendance",
    "FollowUp",
    "GraduationReview",
    "Level",
    "Mentor",
    "MentorPairing",
    "MentorSession",
    "Residency",
    "ResidencyExtension",
    "RuleSet",
    "ServiceEvent",
    "Stage",
]
