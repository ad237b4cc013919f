"""My account: what is known of me, for whom I act, taking my data away, deleting the account."""

import io
import json
import zipfile
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView, TemplateView

from parks.audit import record
from tenants import account_forms as shapes
from tenants import personal
from tenants import services as letting
from tenants.errors import TriedTooOften
from tenants.models import Account, Tenant, TenantClaim
from tenants.uscc import CheckDigitFails, InvalidCode
from tenants.views.accounts import next_of
from tenants.views.base import ActView, add_refusal

#: Newest rows of one table on the page; the download has more.
MOST_SHOWN = 50
#: Files together larger than this are not packed; each can be fetched where it was handed in.
MOST_PACKED = 50 * 2**20


class _Own(LoginRequiredMixin):
    """Everybody who is logged in has an account; ``account`` only who registered itself."""

    permission_required = ()

    def has_permission(self):
        return True

    @cached_property
    def account(self):
        return Account.objects.filter(user=self.request.user).first()


class MyAccount(_Own, TemplateView):
    template_name = "tenants/my_account.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        files = personal.files(user)
        return super().get_context_data(
            **kwargs, account=self.account, tenants=user.tenants.standing(),
            claims=user.claims.select_related("tenant").order_by("-made_at"),
            acts_for=user.has_perm("incubation.apply"), files=files,
            packed=sum(one.size for one in files) <= MOST_PACKED,
        )  # fmt: skip


class Rename(_Own, ActView):
    title = gettext_lazy("Correct my name")
    button = gettext_lazy("Save")
    done = gettext_lazy("Saved.")
    form_class = shapes.NameForm

    def get_initial(self):
        return {"name": self.request.user.get_full_name()}

    def act(self, *, name):
        letting.correct_name(user=self.request.user, name=name, by=self.request.user)
        return self.back()

    def back(self):
        return reverse("tenants:my-account")


class Join(_Own, FormView):
    """A new team or firm, or the claim of a firm that is known already."""

    template_name = "tenants/join.html"
    form_class = shapes.JoinForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_perm("incubation.apply"):
            return redirect("tenants:my-account")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, next=next_of(self.request))

    def form_valid(self, form):
        try:
            made = letting.ask_to_join(
                user=self.request.user, at=timezone.now(), **form.cleaned_data
            )
        except TriedTooOften as refusal:
            form.add_error(None, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        except CheckDigitFails as refusal:
            form.ask_reason()
            form.add_error("uscc", refusal)
            return self.form_invalid(form)
        except InvalidCode as refusal:
            form.add_error("uscc", refusal)
            return self.form_invalid(form)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.form_invalid(form)
        if isinstance(made, TenantClaim):
            messages.info(self.request, _(
                "This firm is known here already. Its park checks that you belong to it and tells "
                "you; until then you cannot act for it."
            ))  # fmt: skip
            return redirect("tenants:my-account")
        messages.success(self.request, _("%(name)s is registered; you can apply for it now.")
                         % {"name": made.name})  # fmt: skip
        return redirect(next_of(self.request) or "/apply/")


class MyData(_Own, TemplateView):
    """All of it on a page, for a person to read."""

    template_name = "tenants/my_data.html"

    def get_context_data(self, **kwargs):
        parts = [(part, _told(part)) for part in personal.parts(self.request.user)]
        return super().get_context_data(**kwargs, parts=parts)


def _told(part) -> list:
    """The newest rows as pairs of heading and words."""
    headings = [heading for _name, heading in part.columns]
    return [list(zip(headings, map(_readable, row), strict=True)) for row in part.rows[:MOST_SHOWN]]


def _readable(value) -> str:
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, (dict, list)):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return str(value)


class MyDataFile(_Own, View):
    """The same for a program: JSON, or with the files handed in as a ZIP."""

    packed = False

    def get(self, request):
        user = request.user
        text = json.dumps(personal.as_data(personal.parts(user)), cls=DjangoJSONEncoder,
                          ensure_ascii=False, indent=1)  # fmt: skip
        files = personal.files(user) if self.packed else []
        if sum(one.size for one in files) > MOST_PACKED:
            messages.error(request, _("Your files are too large to be packed together."))
            return redirect("tenants:my-account")
        record("export_personal", user, by=user, after={"page": request.path, "files": len(files)})
        if not self.packed:
            return _download(text.encode(), "application/json", "my-data.json")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
            box.writestr("my-data.json", text)
            for one in files:
                try:
                    with one.file.open("rb") as content:
                        box.writestr(f"files/{one.name}", content.read())
                except FileNotFoundError:
                    continue
        return _download(buffer.getvalue(), "application/zip", "my-data.zip")


def _download(content, media_type, name):
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class Erase(_Own, ActView):
    """Delete the account: first what goes, what stays and why, and what stands against it."""

    template_name = "tenants/erase.html"
    title = gettext_lazy("Delete my account")
    form_class = shapes.EraseForm
    danger = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs):
        user, mine = self.request.user, self.account
        return super().get_context_data(
            **kwargs, account=mine,
            against=personal.obstacles(user, self.today) if mine else [],
            memberships=Tenant.objects.filter(users=user),
        )  # fmt: skip

    def act(self, **_confirmed):
        user = self.request.user
        letting.erase_account(user=user, by=user, at=timezone.now(), on=self.today)
        logout(self.request)
        messages.success(self.request, _("Your account is deleted."))
        return "/accounts/login/"

    def back(self):
        return reverse("tenants:my-account")
