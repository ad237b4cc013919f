from incubation.models.application import (
    Application,
    ApplicationDocument,
    ApplicationMessage,
    ApplicationStep,
)
from incubation.models.carrier import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierSpace,
    CarrierYear,
)
from incubation.models.intake import Call, Intake, ScoreCriterion, ScoreSheet
from incubation.models.placing import (
    AllocatedUnit,
    Allocation,
    AllocationRow,
    Offer,
    OfferedUnit,
    WaitingEntry,
)
from incubation.models.residency import FollowUp, GraduationReview, Residency, ResidencyExtension
from incubation.models.reviewing import (
    Interest,
    InterestKind,
    ReviewAssignment,
    Reviewer,
    ReviewerExclusion,
    ReviewScore,
)
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
    "AllocatedUnit",
    "Allocation",
    "AllocationRow",
    "Application",
    "ApplicationDocument",
    "ApplicationMessage",
    "ApplicationStep",
    "Call",
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
    "Intake",
    "Interest",
    "InterestKind",
    "Level",
    "Mentor",
    "MentorPairing",
    "MentorSession",
    "Offer",
    "OfferedUnit",
    "Residency",
    "ResidencyExtension",
    "ReviewAssignment",
    "ReviewScore",
    "Reviewer",
    "ReviewerExclusion",
    "RuleSet",
    "ScoreCriterion",
    "ScoreSheet",
    "ServiceEvent",
    "Stage",
    "WaitingEntry",
]
