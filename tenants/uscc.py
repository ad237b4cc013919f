"""统一社会信用代码 (GB 32100-2015): 18 characters, the last one a check character."""

import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from parks.errors import RuleViolation


class InvalidCode(RuleViolation):
    """Wrong length or letters: no such code can exist."""

    code = "uscc_invalid"


class CheckDigitFails(RuleViolation):
    """The check character does not fit. Lawful old codes exist, so a reason overrides this."""

    code = "uscc_check_digit"


def normalise(text: str) -> str:
    """Half-width capitals without spaces or hyphens."""
    text = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in text if not c.isspace() and c not in "-·.")


def checked(text: str, *, override_reason: str = "") -> str:
    """The normalised code. Raises ``InvalidCode`` or, without a reason, ``CheckDigitFails``."""
    code = normalise(text)
    try:
        return uscc.validate(code)
    except InvalidChecksum:
        if override_reason.strip():
            return code
        raise CheckDigitFails(
            _("The last character of %(code)s does not fit the others. Compare it with the "
              "licence; if the licence really says so, give the reason."),
            code=code,
        ) from None  # fmt: skip
    except ValidationError:
        raise InvalidCode(
            _("%(code)s is not a unified social credit code: it has 18 characters, digits and "
              "capital letters without I, O, S, V and Z."),
            code=code,
        ) from None  # fmt: skip
