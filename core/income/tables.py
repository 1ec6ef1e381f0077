"""The public figures the model stands on, made from plain data; where that data lies is not the domain's business."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

from core.errors import InvalidValue
from core.income.figures import Figure
from core.income.levers import Lever, fixed
from core.income.loans import LoanRules
from core.income.taxes import Taxes, in_brackets, through
from core.income.tracks import Track, sigma_between
from core.income.training import Program, Stipends

if TYPE_CHECKING:
    from collections.abc import Mapping

BASES = ("best", "employees", "tax-records")


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Public figures, each with source and year.

    Attributes:
        digest: SHA-256 of the data, to tell two sets apart.
        price_year: the year whose dollars the model counts in.
        programs: training programs by slug.
        states: the codes of the states that are known.
        tax_years: the federal tax years that are known, the newest last.
        pay, states_data, tax_data, lever_rows, loan_data: the checked data, for the methods below.
    """

    digest: str
    price_year: int
    programs: Mapping[str, Program]
    years_source: str
    stipends: Stipends
    rules: LoanRules
    pay: Mapping[str, Any]
    states_data: Mapping[str, Any]
    tax_data: Mapping[int, Mapping[str, Any]]
    lever_rows: Mapping[str, Mapping[str, Any]]
    loan_data: Mapping[str, Any]

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Tables:
        """Make the tables of plain data: pay, training, levers, states, taxes and loans, one mapping each."""
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        pay, training = content["pay"], content["training"]
        return cls(
            digest=f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}",
            price_year=max(int(year) for year in pay["prices"]["index"]),
            programs={row["slug"]: _program(row) for row in training["programs"]},
            years_source=training["years_source"],
            stipends=_stipends(training),
            rules=_loan_rules(content["loans"]),
            pay={
                "employees": {row["code"]: row for row in pay["employees"]},
                "tax_records": {row["code"]: row for row in pay["tax_records"]},
                "fields": {row["slug"]: row for row in pay["fields"]},
                "brought": {},
                "owners": pay["owners"],
                "prices": {int(year): index for year, index in pay["prices"]["index"].items()},
                "sources": pay["sources"],
            },
            states_data=content["states"],
            tax_data={row["year"]: row for row in sorted(content["taxes"]["years"], key=lambda row: int(row["year"]))},
            lever_rows={row["id"]: row for row in content["levers"]["levers"]},
            loan_data=content["loans"],
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """The specialties whose pay is known."""
        return tuple({**self.pay["fields"], **self.pay["brought"]})

    @property
    def states(self) -> tuple[str, ...]:
        """The states, by two letters."""
        return tuple(self.states_data["states"])

    @property
    def tax_years(self) -> tuple[int, ...]:
        """The tax years whose federal parameters are known, the newest last."""
        return tuple(self.tax_data)

    def joined(self, playbook: Mapping[str, Any]) -> Tables:
        """Return the tables with what the packs of a playbook bring: pay of fields, and levers."""
        pay = {row["specialty"]: row for pack in playbook["packs"] for row in pack.get("field_pay", ())}
        levers = {row["id"]: _lever_row(row) for pack in playbook["packs"] for row in pack.get("levers", ())}
        if not pay and not levers:
            return self
        brought = json.dumps([self.digest, pay, levers], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return replace(
            self,
            digest=f"sha256:{hashlib.sha256(brought.encode()).hexdigest()}",
            pay={**self.pay, "brought": pay},
            lever_rows={**self.lever_rows, **levers},
        )

    def carried(self, usd: float, year: int) -> float:
        """Carry dollars of a year to those of the price year, by consumer prices."""
        prices = self.pay["prices"]
        if year not in prices:
            raise InvalidValue(
                "year of a figure", year, f"a year whose prices are known: {', '.join(map(str, prices))}"
            )
        return float(usd * prices[self.price_year] / prices[year])

    def track(self, field: str, *, basis: str, model: str) -> Track:
        """Return what a field's attending physicians are paid.

        Args:
            field: slug of the specialty.
            basis: "employees" (wage survey, its own row only), "tax-records" (all hours and owners), or "best": the
                median of the employees' own row, else of the tax records, else of the employees' wider group; the
                spread of employees, or in private practice that of owners.
            model: the practice model, which chooses the spread under "best".

        Raises:
            InvalidValue: the field has no such row.
        """
        if basis == "best" and field in self.pay["brought"]:
            return self._brought(field)
        row = self.pay["fields"].get(field)
        if row is None:
            raise InvalidValue("specialty", field, "a field whose pay is known; or give its pay yourself")
        group = self.pay["employees"][row["employees"]]
        records = self.pay["tax_records"].get(row.get("tax_records"))
        use_records = basis == "tax-records" or (basis == "best" and not row["own"])
        if (basis == "employees" and not row["own"]) or (basis == "tax-records" and records is None):
            raise InvalidValue("basis", basis, f"one that has a row of {field}; best always has")
        median_figure = self._median_of_records(records) if use_records and records else _median_of_group(group)
        sigma = Figure(
            what=f"spread of pay, {group['title']}",
            value=group["sigma"],
            unit="sigma of the log",
            source=self.pay["sources"][group["source"]],
            year=group["year"],
            note=None if row["own"] else "that of the wider group the field is counted in",
        )
        if records and (basis == "tax-records" or model == "private"):
            sigma = self._spread_of_records(records, as_owner=basis == "best")
        return Track(
            field=field,
            name=(records or group)["title"] if use_records else group["title"],
            median_usd=median_figure.value,
            sigma=sigma.value,
            figures=(self._named(median_figure), sigma),
        )

    def _brought(self, field: str) -> Track:
        row = self.pay["brought"][field]
        dollars = (row["p10_usd"], row["p50_usd"], row["p90_usd"])
        low, mid, high = (
            self.carried(usd, row["year"]) if row["year"] in self.pay["prices"] else usd for usd in dollars
        )
        figure = Figure(
            what=f"median pay of {field}",
            value=mid,
            unit="USD a year",
            source=row["source"],
            year=row["year"],
            note=f"p10 {row['p10_usd']:,}, p50 {row['p50_usd']:,}, p90 {row['p90_usd']:,} of {row['year']}",
        )
        return Track(field=field, name=field, median_usd=mid, sigma=sigma_between(low, mid, high), figures=(figure,))

    def _named(self, figure: Figure) -> Figure:
        return Figure(
            what=figure.what,
            value=figure.value,
            unit=figure.unit,
            source=self.pay["sources"].get(figure.source, figure.source),
            year=figure.year,
            note=figure.note,
        )

    def _median_of_records(self, row: Mapping[str, Any]) -> Figure:
        return Figure(
            what=f"median pay, {row['title']}, all hours, owners and trainees among them",
            value=self.carried(row["geo_mean_usd"], row["year"]),
            unit=f"USD of {self.price_year} a year",
            source=row["source"],
            year=row["year"],
            note=f"geometric mean {row['geo_mean_usd']:,} of {row['year']}, carried by consumer prices",
        )

    def _spread_of_records(self, row: Mapping[str, Any], *, as_owner: bool) -> Figure:
        owners = self.pay["owners"]
        high = owners["sigma_high_by_code"].get(row["code"], owners["sigma_high"])
        value = min(max(row["sigma"], owners["sigma_low"]), high) if as_owner else row["sigma"]
        return Figure(
            what=f"spread of pay, {row['title']}" + (", as that of owners" if as_owner else ""),
            value=value,
            unit="sigma of the log",
            source=self.pay["sources"][row["source"]],
            year=row["year"],
            note=f"published {row['sigma']:g}" + (f", held within {owners['sigma_low']:g} to {high:g}" * as_owner),
        )

    def lever(self, name: str, field: str) -> Lever:
        """Return a published lever; one that speaks of the field itself goes before.

        Raises:
            InvalidValue: there is none of this name.
        """
        rows = self.lever_rows
        special = [row for row in rows.values() if field in row.get("fields", ()) and row["id"].startswith(f"{name}-")]
        row = special[0] if special else rows.get(name)
        if row is None:
            raise InvalidValue("lever", name, f"one of {', '.join(rows)}")
        return Lever(**{key: value for key, value in row.items() if key not in ("id", "fields")})

    def levers_of(self, kind: str) -> tuple[str, ...]:
        """Return the names of the published levers of a kind that hold for any field."""
        return tuple(row["id"] for row in self.lever_rows.values() if row["kind"] == kind and "fields" not in row)

    def state_pay(self, state: str) -> Lever | None:
        """Return what physicians of a state are paid against the median state; None = no usable figure."""
        ratio = self.states_data["states"][state].get("pay_ratio")
        if ratio is None:
            return None
        source, year = self.states_data["pay_source"], self.states_data["pay_year"]
        return fixed("geography", ratio, label=state, source=source, year=year)

    def taxes(self, year: int, status: str, state: str) -> Taxes:
        """Return the taxes of a filer.

        Args:
            year: one of `tax_years`.
            status: single or joint.
            state: one of `states`, or "" for the median of all states at each wage.
        """
        row, states = self.tax_data[year], self.states_data["states"]
        filer = row[status]
        rates = tuple(rate / 100 for rate in row["rates_pct"])
        security, medicare = row["social_security_pct"] / 100, row["medicare_pct"] / 100
        wages = self.states_data["tax_wages_usd"]
        due = states[state]["tax_usd"] if state else [median(column) for column in _columns(states)]
        return Taxes(
            year=year,
            status=status,
            state=state,
            federal=in_brackets((0, *filer["upper_usd"]), rates, filer["standard_deduction_usd"]),
            payroll=in_brackets((0, row["social_security_base_usd"]), (security + medicare, medicare))
            + in_brackets((0,), (row["additional_medicare_pct"] / 100,), filer["additional_medicare_from_usd"]),
            local=through(tuple(zip(wages, due, strict=True))),
            source=row["source"],
            local_source=self.states_data["tax_source"],
            local_year=self.states_data["tax_year"],
        )


def _lever_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pack's lever as the tables hold it: ratios in place of percent."""
    ratios = {key: row[f"{key}_pct"] / 100 for key in ("low", "mid", "high")}
    return {**{key: row[key] for key in ("id", "kind", "label", "source", "year", "note")}, **ratios}


def _columns(states: Mapping[str, Any]) -> list[tuple[float, ...]]:
    return list(zip(*(row["tax_usd"] for row in states.values()), strict=True))


def _median_of_group(row: Mapping[str, Any]) -> Figure:
    return Figure(
        what=f"median pay, {row['title']}, employees",
        value=float(row["p50_usd"]),
        unit="USD a year",
        source=row["source"],
        year=row["year"],
        note=f"p10 {row['p10_usd']:,}, p90 {row['p90_usd']:,}",
    )


def _program(row: Mapping[str, Any]) -> Program:
    after = row.get("after")
    return Program(
        slug=row["slug"], kind=row["kind"], years=row["years"], after=None if after is None else tuple(after)
    )


def _stipends(row: Mapping[str, Any]) -> Stipends:
    return Stipends(
        by_year_usd=tuple(map(float, row["stipends_usd"])),
        research_usd=float(row["research_usd"]),
        source=row["stipends_source"],
        year=row["stipends_year"],
        research_source=row["research_source"],
        research_year=row["research_year"],
    )


def _loan_rules(row: Mapping[str, Any]) -> LoanRules:
    ibr, rap, poverty = row["ibr"], row["rap"], row["poverty"]
    allowance = ibr["poverty_share_pct"] / 100
    return LoanRules(
        year=row["rules"]["year"],
        source=row["rules"]["source"],
        standard_years=row["standard"]["years"],
        tiers=tuple((tier.get("below_usd", float("inf")), tier["years"]) for tier in row["standard"]["tiers"]),
        ibr_new=(ibr["share_new_pct"] / 100, ibr["forgiven_after_new_months"]),
        ibr_old=(ibr["share_old_pct"] / 100, ibr["forgiven_after_old_months"]),
        poverty_usd=poverty["first_usd"] * allowance,
        further_usd=poverty["each_further_usd"] * allowance,
        rap_flat_up_to_usd=rap["flat_up_to_usd"],
        rap_flat_usd=rap["flat_usd"],
        rap_step_usd=rap["step_usd"],
        rap_step=rap["step_pct"] / 100,
        rap_top=rap["top_pct"] / 100,
        rap_dependent_usd=rap["dependent_usd"],
        rap_least_usd=rap["least_usd"],
        rap_match_usd=rap["principal_match_usd"],
        rap_months=rap["forgiven_after_months"],
        pslf_payments=row["pslf"]["payments"],
        forgiveness_taxed_from=row["forgiveness"]["taxed_from"],
    )
