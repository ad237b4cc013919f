from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """The stages of the chain that have carriers; what follows them is graduation."""

    MAKERSPACE = "makerspace", _("makerspace")
    INCUBATOR = "incubator", _("incubator")
    ACCELERATOR = "accelerator", _("accelerator")

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)

    @property
    def following(self) -> "Stage | None":
        """The next stage up; None behind the last, where graduation follows."""
        return next((stage for stage in type(self) if stage.rank == self.rank + 1), None)


class Level(models.TextChoices):
    """Who recognises a carrier, from the highest down."""

    NATIONAL = "national", _("national")
    PROVINCIAL = "provincial", _("provincial")
    CITY = "city", _("city level")
    DISTRICT = "district", _("district level")


class CarrierKind(models.TextChoices):
    GENERAL = "general", _("general (综合)")
    SPECIALISED = "specialised", _("specialised (专业)")
