"""The copy of an application that its reviewer reads; for a blind review without names.

A blind copy says nothing that names the applicant: its names, codes, people, addresses and
numbers in what was written become ``VEIL``, its facts become classes, and of its documents only
those come that do not name it, without the names of their files and without what programs wrote
into them about people (``parks.nameless``). Scores are given to what is proposed, not to who
proposes it.
"""

import re
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from incubation.dossier import TEXTS, label_of
from incubation.models import ApplicationDocument
from parks.files import ENDINGS, NamesRemain
from parks.nameless import without_names
from parks.periods import active_q
from parks.templatetags.space import DASH

VEIL = "▇▇"
#: Ends of firms' names that name nobody.
LEGAL_FORM = re.compile(
    r"[（(][^（）()]*[)）]|(集团)?(股份)?(有限)?(责任)?公司$|,?\s+(co\.?,?\s*)?(ltd|inc)\.?$", re.I
)
PLACE = re.compile(r"^(中国|湖南省?|长沙市?|宁乡市?|望城区?|[^\W\d_]{2,3}[省市县])+")
TRADE = re.compile(
    r"(科技|技术|电子|信息|智能|生物|医疗|医药|器械|材料|新材料|能源|新能源|食品|机械|装备|制造|合金|"
    r"自动化|网络|软件|数据|环保|实业|发展|工业|产业|创新|服务|团队|项目组|工作室)+$"
)  # fmt: skip
CONTACTS = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(\.[\w-]+)+|(?<!\d)1\d{10}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?<![0-9A-Za-z])[0-9A-Z]{18}(?![0-9A-Za-z])",
    re.ASCII,
)  # fmt: skip
#: Upper bounds of the classes of years and of counts.
YEARS, COUNTS = (1, 3, 5, 10), (0, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Copy:
    """``texts`` and ``facts``: ``(label, words)``; ``papers``: ``(document, its name here)``;
    ``kept_back``: how many documents name the applicant."""

    texts: list
    facts: list
    papers: list
    kept_back: int = 0


def heading_of(review) -> str:
    application = review.application
    if review.blind:
        return application.number
    return f"{application.title or application.number} · {application.tenant.name}"


def copy_of(review, on) -> Copy:
    """What the reviewer of ``review`` reads; it comes with its application and tenant."""
    application, tenant = review.application, review.application.tenant
    papers = ApplicationDocument.objects.filter(application=application, removed_at=None)
    facts = _facts(tenant, on, exact=not review.blind)
    texts = [(label_of(name), getattr(application, name)) for name in TEXTS]
    if not review.blind:
        return Copy(texts, facts, [(one, one.name) for one in papers])
    names = names_of(tenant)
    shown = [(one, nameless(one)) for one in papers if not one.names_applicant]
    return Copy(
        [(label, veiled(text, names)) for label, text in texts], facts, shown,
        kept_back=len(papers) - len(shown),
    )  # fmt: skip


def nameless(paper) -> str:
    """A name for the document that says nothing of whose it is."""
    return f"{paper.get_kind_display()}-{paper.pk}.{ENDINGS[paper.media_type]}"


def handed_out(paper, *, named) -> tuple[str, bytes]:
    """The name and the bytes of a document for somebody who sees whose it is, or does not.

    The file stays as it is; who sees no names gets a copy made for this once. Raises
    ``NamesRemain`` when there can be none.
    """
    with paper.file.open("rb") as file:
        content = file.read()
    if named:
        return paper.name, content
    try:
        return nameless(paper), without_names(content, paper.media_type)
    except NamesRemain as refusal:
        raise NamesRemain(
            _("You review without names, and this document is kept from you. %(why)s "
              "Ask the carrier for another copy."),
            why=str(refusal),
        ) from None  # fmt: skip


def _facts(tenant, on, *, exact) -> list:
    last = tenant.year_figures.filter(year__lt=on.year, confirmed_on__isnull=False).first()
    staff = last.staff if last else None
    rights = tenant.intellectual_property.count()
    held = tenant.qualifications.filter(active_q(on)).order_by("start", "pk")
    kinds = "、".join(dict.fromkeys(str(one.get_kind_display()) for one in held))
    years = relativedelta(on, tenant.founded_on).years if tenant.founded_on else None
    found = [(_("Kind of applicant"), tenant.get_kind_display())]
    if exact:
        found = [
            (_("Applicant"), tenant.name), *found, (_("Code"), tenant.uscc or DASH),
            (_("Founded on"), tenant.founded_on or DASH), (_("Field"), tenant.field or DASH),
        ]  # fmt: skip
    else:
        found += [
            (_("Full years since founding"), DASH if years is None else class_of(years, YEARS))
        ]
    return [
        *found, (_("Key chain"), tenant.get_chain_display() or DASH),
        (_("Qualifications"), kinds or DASH),
        (_("Intellectual property"), rights if exact else class_of(rights, COUNTS)),
        (_("People last year"),
         DASH if staff is None else staff if exact else class_of(staff, COUNTS)),
    ]  # fmt: skip


def names_of(tenant) -> list[str]:
    """Every word that names the tenant or somebody of it, the longest first."""
    firms = [tenant.name, *(one.name for one in tenant.former_names.all())]
    found = {*firms, tenant.uscc or "", tenant.contact_name, tenant.contact_phone}
    for name in firms:
        short = PLACE.sub("", LEGAL_FORM.sub("", LEGAL_FORM.sub("", name.strip())))
        found |= {LEGAL_FORM.sub("", name.strip()), short, TRADE.sub("", short)}
    found |= {one.name for one in tenant.people.all()}
    found |= {one.get_full_name() for one in tenant.users.all()}
    return sorted({name.strip() for name in found if len(name.strip()) > 1}, key=len, reverse=True)


def veiled(text, names) -> str:
    """``text`` without ``names``, addresses and numbers."""
    text = CONTACTS.sub(VEIL, text)
    if names:
        text = re.sub("|".join(re.escape(name) for name in names), VEIL, text, flags=re.I)
    return text


def class_of(value, bounds) -> str:
    """The class of ``value`` between ``bounds``, their upper ends."""
    below = [one for one in bounds if one < value]
    if len(below) == len(bounds):
        return _("more than %(n)s") % {"n": bounds[-1]}
    upper, lower = bounds[len(below)], below[-1] + 1 if below else 0
    return str(upper) if lower == upper else f"{lower}–{upper}"
