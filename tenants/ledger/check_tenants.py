"""The rows of the sheets of firms, qualifications and figures of a year."""

from django.utils.translation import gettext as _

from parks.errors import RuleViolation
from tenants import uscc as code_rules
from tenants.ledger.check_space import end_of, said
from tenants.ledger.texts import read_names, write_names
from tenants.ledger.world import same
from tenants.models import Qualification, Tenant, TenantFormerName, YearFigure

TENANT_COLUMNS = (
    "kind", "name", "uscc", "uscc_override_reason", "founded_on", "field", "industry_code",
    "chain", "contact_name", "contact_phone", "external_id",
)  # fmt: skip
#: How the figures came is not told by a file: whoever writes it in is the park.
FIGURE_COLUMNS = tuple(
    field.name
    for field in YearFigure._meta.concrete_fields
    if field.name
    not in ("id", "tenant", "year", "document", "handed_in_by", "handed_in_on", "asked_again")
)
LINKS = ["tenant", "home_park", "merged_into"]


class TenantChecks:
    def find_tenant(self, sheet, row, finding, name_column="tenant", *, new_ok=False):
        """The tenant the row names by code, else by name; None with a problem unless ``new_ok``."""
        code, name = row.values.get("uscc"), row.values.get(name_column)
        if code and code in self.world.codes:
            return self.world.codes[code]
        found = self.world.names[same(name)] if name else []
        if code:
            # Another code is another firm, whatever its name.
            found = [tenant for tenant in found if not tenant.uscc]
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            self.refuse(
                finding, sheet, row, name_column, "tenant_ambiguous",
                _("Several tenants bear this name: %(codes)s.")
                % {"codes": ", ".join(t.uscc or f"#{t.pk or '?'}" for t in found)},
                _("Give the unified social credit code."),
            )  # fmt: skip
        elif not new_ok:
            self.refuse(
                finding, sheet, row, name_column if name else "uscc", "tenant_unknown",
                _("There is no tenant with this name or code."),
                _("Add it to the sheet of tenants, or write the name as it is kept here."),
            )  # fmt: skip
        return None

    def tenant_row(self, sheet, row, finding):
        value = row.values.get
        finding.name = str(value("name") or "")
        if self.missing(finding, sheet, row, "name"):
            return False
        if value("uscc"):
            try:
                row.values["uscc"] = code_rules.checked(
                    value("uscc"), override_reason=value("uscc_override_reason") or ""
                )
            except RuleViolation as error:
                self.refuse(finding, sheet, row, "uscc", error.code, str(error),
                            _("Compare it with the licence."))  # fmt: skip
                return False
        tenant = self.find_tenant(sheet, row, finding, "name", new_ok=True)
        if tenant is None and finding.problems and finding.problems[-1].code == "tenant_ambiguous":
            return False
        names = self.listed(finding, sheet, row, "former_names", read_names,
                            "长沙某某科技有限公司 2024-01-01") or []  # fmt: skip
        if tenant is not None and id(tenant) in self.tenant_rows:
            self.refuse(
                finding, sheet, row, "name", "twice",
                _("Row %(row)s speaks of the same tenant.") % {"row": self.tenant_rows[id(tenant)]},
                _("Keep one of the two rows, or tell them apart by their codes."),
            )  # fmt: skip
            return False
        new = tenant is None
        if new:
            park = self.world.parks.get(same(value("park"))) or self.park
            tenant = Tenant(home_park=park, **said(row, TENANT_COLUMNS))
            tenant.name = str(tenant.name).strip()
            self._clean_tenant(tenant, finding, sheet, row)
            self.world.add_tenant(tenant)
            self.plan.tenants.append(tenant)
            known = []
        elif tenant.pk not in self.world.visible:
            self.refuse(
                finding, sheet, row, "uscc", "tenant_elsewhere",
                _("The firm is kept by another park; its record stays as it is."), blocking=False,
            )  # fmt: skip
            self.tenant_rows[id(tenant)] = row.number
            return False
        else:
            self._correct_tenant(tenant, sheet, row, finding)
            known = [(old.name, old.until) for old in tenant.former_names.all()]
        self.tenant_rows[id(tenant)] = row.number
        added = [pair for pair in dict.fromkeys(names) if pair not in known]
        for name, until in added:
            former = TenantFormerName(tenant=tenant, name=name, until=until)
            self.clean(former, finding, sheet, row, ["tenant"])
            self.plan.former_names.append(former)
        if added and not new:
            finding.change("former_names", write_names(known), write_names([*known, *added]))
        return new

    def _clean_tenant(self, tenant, finding, sheet, row):
        self.clean(tenant, finding, sheet, row, LINKS)
        if tenant.kind == Tenant.Kind.TEAM and tenant.uscc:
            self.refuse(finding, sheet, row, "kind", "invalid_value",
                        _("A team has no unified social credit code yet."))  # fmt: skip

    def _correct_tenant(self, tenant, sheet, row, finding):
        fields = {}
        for name, told in said(row, TENANT_COLUMNS).items():
            known = getattr(tenant, name)
            if told != known and not (name == "name" and same(told) == same(known)):
                finding.change(name, known, told)
                fields[name] = told
        if not fields:
            return
        before = {name: getattr(tenant, name) for name in fields}
        for name, told in fields.items():
            setattr(tenant, name, told)
        self._clean_tenant(tenant, finding, sheet, row)
        for name, known in before.items():
            setattr(tenant, name, known)
        self.plan.tenant_changes.append((tenant, fields))

    def load_facts(self):
        """Qualifications and figures of the tenants the file speaks of: two queries."""
        keys = {t.pk for found in self.world.names.values() for t in found if t.pk}
        self.qualifications = {
            (q.tenant_id, q.kind, q.start): q for q in Qualification.objects.filter(tenant__in=keys)
        }
        self.figures = {
            (f.tenant_id, f.year): f for f in YearFigure.objects.filter(tenant__in=keys)
        }

    def qualification_row(self, sheet, row, finding):
        value = row.values.get
        finding.name = f"{value('tenant') or value('uscc') or ''} {value('kind') or ''}"
        tenant = self.find_tenant(sheet, row, finding)
        if tenant is None or self.missing(finding, sheet, row, "kind", "start"):
            return False
        cells = said(row, ("number", "note"))
        if value("last_day"):
            cells["end"] = end_of(value("last_day"))
        key = (tenant.pk or id(tenant), value("kind"), value("start"))
        return self._fact(
            Qualification, self.qualifications, key, tenant, cells, sheet, row, finding,
            self.plan.qualifications, self.plan.qualification_changes,
            kind=value("kind"), start=value("start"),
        )  # fmt: skip

    def figure_row(self, sheet, row, finding):
        value = row.values.get
        finding.name = f"{value('tenant') or value('uscc') or ''} {value('year') or ''}"
        tenant = self.find_tenant(sheet, row, finding)
        if tenant is None or self.missing(finding, sheet, row, "year"):
            return False
        return self._fact(
            YearFigure, self.figures, (tenant.pk or id(tenant), value("year")), tenant,
            said(row, FIGURE_COLUMNS), sheet, row, finding, self.plan.figures,
            self.plan.figure_changes, year=value("year"),
        )  # fmt: skip

    def _fact(self, model, known, key, tenant, cells, sheet, row, finding, new, changed, **own):
        fact = known.get(key)
        if fact is not None and id(fact) in self.tenant_rows:
            self.refuse(finding, sheet, row, "tenant", "twice",
                        _("Row %(row)s says the same already.")
                        % {"row": self.tenant_rows[id(fact)]}, _("Keep one of the two rows."))  # fmt: skip
            return False
        if fact is None:
            fact = model(tenant=tenant, **own, **cells)
            known[key] = fact
            new.append(fact)
        elif fields := {n: told for n, told in cells.items() if told != getattr(fact, n)}:
            for name, told in fields.items():
                finding.change("last_day" if name == "end" else name, getattr(fact, name), told)
            changed.append((fact, fields))
            # What the row would make of it, to be asked like a new one.
            known[key] = model(pk=fact.pk, tenant=tenant, **own, **cells)
        self.tenant_rows[id(known[key])] = row.number
        self.clean(known[key], finding, sheet, row, ["tenant"])
        if getattr(known[key], "end", None) and known[key].end <= known[key].start:
            self.refuse(finding, sheet, row, "last_day", "dates_out_of_order",
                        _("The last day must not lie before the first."))  # fmt: skip
        return fact.pk is None
