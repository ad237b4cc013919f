"""Rules for passwords, in words of ours where Django has none in Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    def get_error_message(self):
        return _("Choose a password of at least %(count)s characters.") % {"count": self.min_length}
