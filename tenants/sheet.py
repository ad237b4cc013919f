"""The printed sheet of a lease: a PDF to read, sign and file. Pure of requests and of the clock."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from fpdf import FPDF
from fpdf.fonts import FontFace
from pylopdf_fonts_zh_cn import sans_path

from parks.templatetags.space import day, last_day, m2, money
from tenants import rent
from tenants.capitals import capitals

GREY, HEAD = 110, FontFace(emphasis=None, fill_color=(238, 241, 245))


class Sheet(FPDF):
    """A4 with the mark of what it is at the top and page numbers at the foot."""

    def __init__(self, title, marks):
        super().__init__(format="A4")
        self.heading, self.marks = title, marks
        self.add_font("Noto", fname=sans_path())
        self.set_font("Noto", size=10)
        self.set_margins(18, 16)
        self.set_auto_page_break(True, margin=18)
        self.set_title(title)
        self.alias_nb_pages()
        self.add_page()

    def header(self):
        self.set_font("Noto", size=9)
        self.set_text_color(176, 0, 32)
        self.cell(0, 5, "　".join(self.marks), align="R", new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(0)
        self.set_font("Noto", size=10)

    def footer(self):
        self.set_y(-14)
        self.set_font("Noto", size=8)
        self.set_text_color(GREY)
        self.cell(0, 5, f"{self.heading} · {self.page_no()} / {{nb}}", align="C")
        self.set_text_color(0)

    def section(self, words):
        self.ln(3)
        self.set_font("Noto", size=12)
        self.cell(0, 8, words, new_x="LMARGIN", new_y="NEXT")
        self.set_font("Noto", size=10)

    def facts(self, pairs):
        with self.table(
            col_widths=(38, 136), first_row_as_headings=False, borders_layout="HORIZONTAL_LINES",
            line_height=6,
        ) as table:  # fmt: skip
            for name, value in pairs:
                table.row((str(name), str(value)))

    def rows(self, headings, rows, *, widths, align):
        with self.table(
            col_widths=widths, text_align=align, headings_style=HEAD, line_height=6,
            borders_layout="HORIZONTAL_LINES",
        ) as table:  # fmt: skip
            for row in [headings, *rows]:
                table.row([str(cell) for cell in row])


def lease_sheet(lease, *, with_money, demo=False) -> bytes:
    """The PDF of ``lease``, in the language at work; amounts only ``with_money``."""
    marks = [_("Demonstration data, not a contract")] if demo else []
    if not lease.signed_on:
        marks.append(_("Draft, not signed"))
    if lease.voided_on:
        marks.append(_("Void"))
    pdf = Sheet(_("Lease %(number)s") % {"number": lease.number}, marks)
    pdf.set_font("Noto", size=18)
    pdf.cell(0, 14, _("Lease contract sheet"), align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Noto", size=10)
    _parties(pdf, lease)
    lines = list(lease.lines.all())
    _units(pdf, lease, lines, with_money)
    if with_money:
        _amounts(pdf, lease)
    _signatures(pdf, lease)
    return bytes(pdf.output())


def _parties(pdf, lease):
    start = day(lease.start)
    if lease.start_by:
        start += " " + _("(with the handing over, at the latest %(day)s)") % {
            "day": day(lease.start_by)
        }
    pdf.section(_("Parties and term"))
    pdf.facts([
        (_("Number"), lease.number),
        (_("Kind"), lease.get_kind_display()),
        (_("Lessor"), lease.park.operator or lease.park.name),
        (_("Lessee"), lease.tenant.name),
        (_("Social credit code"), lease.tenant.uscc or "—"),
        (_("Park"), lease.park.name),
        (_("First day"), start),
        (_("Last day"), last_day(lease.end)),
        *([(_("Ended early, last day"), last_day(lease.terminated_on))]
          if lease.terminated_on else []),
        (_("Signed on"), day(lease.signed_on)),
        (_("Handed over on"), day(lease.handed_over_on)),
    ])  # fmt: skip


def _units(pdf, lease, lines, with_money):
    pdf.section(_("Units"))
    area = sum((line.area_m2 for line in lines), Decimal(0))
    rows = [
        (
            line.unit.number,
            f"{line.unit.floor.building.name} {line.unit.floor.name}",
            f"{day(line.start)} – {last_day(line.end)}",
            m2(line.area_m2),
            f"{line.rent.normalize():f} {line.get_rent_unit_display()}" if with_money else "",
        )
        for line in lines
    ]
    rows.append((_("Together"), "", "", m2(area), ""))
    pdf.rows(
        (_("Unit"), _("Place"), _("From – last day"), f"{_('Contract area')} (㎡)",
         _("Rent") if with_money else ""),
        rows, widths=(26, 40, 46, 26, 36), align=("LEFT", "LEFT", "LEFT", "RIGHT", "RIGHT"),
    )  # fmt: skip
    steps = [
        f"{line.unit.number}: {day(step.start)} {step.rent.normalize():f}"
        for line in lines
        for step in line.steps.all()
    ]
    if with_money and steps:
        pdf.ln(2)
        pdf.multi_cell(
            0, 6, " ".join([_("Rent steps:"), "；".join(steps)]), new_x="LMARGIN", new_y="NEXT"
        )


def _amounts(pdf, lease):
    years = rent.by_year(rent.schedule(lease))
    total = sum((one.rent for one in years), Decimal(0))
    fee = sum((one.fee for one in years), Decimal(0))
    free = "；".join(f"{day(one.start)} – {last_day(one.end)}" for one in lease.rent_free.all())
    pdf.section(_("Money"))
    pdf.facts([
        (_("Rent of the whole term"), f"¥{money(total)}　{capitals(total)}"),
        (_("Deposit"), f"¥{money(lease.deposit)}　{capitals(lease.deposit)}"),
        (_("Property fee"), f"¥{money(fee)}　({money(lease.property_fee_m2_month)} "
                            f"{_('yuan/m²·month')})"),
        (_("Rent-free periods"), free or "—"),
    ])  # fmt: skip
    pdf.section(_("By year (yuan)"))
    rows = [(one.year, money(one.rent), money(one.fee), money(one.total)) for one in years]
    rows.append((_("Together"), money(total), money(fee), money(total + fee)))
    pdf.rows(
        (_("Year"), _("Rent"), _("Property fee"), pgettext("sum", "Total")), rows,
        widths=(30, 48, 48, 48), align=("LEFT", "RIGHT", "RIGHT", "RIGHT"),
    )  # fmt: skip
    pdf.set_font("Noto", size=8)
    pdf.multi_cell(
        0, 5, _("Rent is reckoned per unit and calendar month, part months by their days, and "
                "rounded there to 0.01 yuan."), new_x="LMARGIN", new_y="NEXT",
    )  # fmt: skip
    pdf.set_font("Noto", size=10)


def _signatures(pdf, lease):
    if pdf.will_page_break(50):
        pdf.add_page()
    pdf.section(_("Signatures"))
    top = pdf.get_y()
    for left, who in ((18, _("Lessor (seal)")), (108, _("Lessee (seal)"))):
        pdf.rect(left, top, 84, 32)
        pdf.set_xy(left + 3, top + 2)
        pdf.cell(78, 6, who)
        pdf.set_xy(left + 3, top + 24)
        pdf.cell(78, 6, _("Date:"))
    pdf.set_xy(18, top + 34)
