"""Log-in by name or address, and the language, which stays with the person."""

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.views import i18n

from parks.models import Subscription
from parks.notices import subscription_of


class LogInForm(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("The address or name and the password do not belong together. Mind "
                           "capitals in the password; if it is forgotten, set a new one."),
    }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address or user name")


class LogIn(auth_views.LoginView):
    """On a new device the pages speak the language the person chose elsewhere."""

    authentication_form = LogInForm

    def form_valid(self, form):
        answer = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            kept = Subscription.objects.filter(user=form.get_user())
            if language := kept.values_list("language", flat=True).first():
                answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language)
        return answer


def set_language(request):
    """Django's, and whoever is logged in gets its mail in that language too."""
    answer = i18n.set_language(request)
    chosen = answer.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen and request.user.is_authenticated:
        mine = subscription_of(request.user, token=get_random_string(43), at=timezone.now())
        if mine.language != chosen.value:
            mine.language = chosen.value
            mine.save(update_fields=["language"])
    return answer
