"""Federal student loans, month by month: waiting, standard, IBR, RAP, and forgiveness.

The loan is one balance at one rate. Interest is simple while nobody pays and is added to the balance when repayment
begins. Plans by income look at the year before, as the servicers do. Source of every rule: `LoanRules.source`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from core.income.numbers import Vector

MONTHS: Final = 12
#: What is left of a balance after rounding [USD]; the loan is then paid off.
ROUNDING_USD: Final = 0.5


class Plan(StrEnum):
    """How a loan is paid back."""

    STANDARD = "standard"
    TIERED = "tiered-standard"
    IBR = "ibr"
    RAP = "rap"

    @property
    def by_income(self) -> bool:
        """Whether the payment follows income."""
        return self in (Plan.IBR, Plan.RAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRules:
    """The rules in force, dated data.

    Attributes:
        tiers: years of the tiered standard plan by balance: (below this balance, years), the last without a bound.
        ibr_new: (share of income above the poverty allowance, months until forgiveness); `ibr_old` for older borrowers.
        poverty_usd: the allowance is this for one person, plus `further_usd` for each other [USD a year, 150 % of the
            poverty line taken].
    """

    year: int
    source: str
    standard_years: int
    tiers: tuple[tuple[float, int], ...]
    ibr_new: tuple[float, int]
    ibr_old: tuple[float, int]
    poverty_usd: float
    further_usd: float
    rap_flat_up_to_usd: float
    rap_flat_usd: float
    rap_step_usd: float
    rap_step: float
    rap_top: float
    rap_dependent_usd: float
    rap_least_usd: float
    rap_match_usd: float
    rap_months: int
    pslf_payments: int
    forgiveness_taxed_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """What a borrower owes and how they mean to pay it back.

    Attributes:
        rate: yearly, such as 0.0794.
        pslf: True = public service loan forgiveness is aimed at.
        wait: True = nothing is paid until practice begins.
        new_borrower: no federal loan before July 1, 2014.
        household: people in it, for IBR; `dependents` for RAP.
        months_counted: qualifying payments made already.
        income_before_usd: income of the year before the first.
    """

    balance_usd: float
    rate: float
    plan: Plan
    pslf: bool
    wait: bool
    new_borrower: bool
    household: int
    dependents: int
    months_counted: int
    income_before_usd: float


@dataclass(frozen=True, slots=True)
class LoanYear:
    """What a year did to a loan [USD]; one value a draw, or one for all.

    Attributes:
        forgiven: what was let go; `taxed` says whether it counts as income.
    """

    paid: Vector
    forgiven: Vector
    taxed: bool


def level_payment(balance: Vector, rate: float, months: int) -> Vector:
    """Return the monthly payment that pays a balance off in so many months."""
    monthly = rate / MONTHS
    if monthly == 0:
        return balance / months
    payment: Vector = balance * (monthly / (1 - (1 + monthly) ** -months))
    return payment


def ibr_due(income: Vector, loan: Loan, rules: LoanRules) -> Vector:
    """Return the monthly IBR payment on a yearly income, before its cap."""
    share = (rules.ibr_new if loan.new_borrower else rules.ibr_old)[0]
    allowance = rules.poverty_usd + rules.further_usd * (loan.household - 1)
    due: Vector = np.maximum(income - allowance, 0) * (share / MONTHS)
    return due


def rap_due(income: Vector, loan: Loan, rules: LoanRules) -> Vector:
    """Return the monthly RAP payment on a yearly income."""
    # 10,000 itself is still flat, 20,000 still in the first step: a bound belongs to the step below it
    steps = np.ceil(income / rules.rap_step_usd) - 1
    share = np.minimum(steps * rules.rap_step, rules.rap_top)
    yearly = np.where(income <= rules.rap_flat_up_to_usd, rules.rap_flat_usd, income * share)
    monthly = yearly / MONTHS - rules.rap_dependent_usd * loan.dependents
    due: Vector = np.maximum(monthly, rules.rap_least_usd).astype(income.dtype)
    return due


class Repayment:
    """A loan on its way through the years of one path.

    Args:
        loan: what is owed at the start.
        rules: the rules in force.
    """

    def __init__(self, loan: Loan, rules: LoanRules) -> None:
        self._loan = loan
        self._rules = rules
        self._principal: Vector = np.full(1, loan.balance_usd, np.float64)
        self._unpaid: Vector = np.zeros(1)
        self.owed: Vector = self._principal
        """Principal and unpaid interest [USD], one value a draw, or one for all."""
        self._level: Vector | None = None  # the standard payment, once repayment has begun
        self._counted = loan.months_counted  # toward the plan's own forgiveness
        self._qualifying = loan.months_counted  # toward PSLF

    def year(self, income_before: Vector, *, pays: bool, qualifies: bool, calendar_year: int) -> LoanYear:
        """Live through a year.

        Args:
            income_before: income of the year before [USD], which plans by income look at.
            pays: False = interest accrues and nothing is paid.
            qualifies: the employer counts for PSLF.
            calendar_year: says whether a forgiven balance is taxed.
        """
        nothing = np.zeros(1)
        if not self.owed.any():
            self.owed = nothing
            return LoanYear(nothing, nothing, taxed=False)
        if not pays:
            self._unpaid = self._unpaid + self._principal * self._loan.rate
            self.owed = self._principal + self._unpaid
            return LoanYear(nothing, nothing, taxed=False)
        level = self._begin()
        months, by_pslf = self._months_left(qualifies=qualifies)
        due = self._due(income_before, level)
        paid = self._pay(due, min(months, MONTHS))
        self._counted += MONTHS
        self._qualifying += MONTHS if qualifies else 0
        if months > MONTHS:
            return LoanYear(paid, nothing, taxed=False)
        forgiven = self.owed
        self._principal, self._unpaid, self.owed = nothing, nothing, nothing
        taxed = not by_pslf and calendar_year >= self._rules.forgiveness_taxed_from
        return LoanYear(paid, forgiven, taxed=taxed)

    def _begin(self) -> Vector:
        """Return the standard payment; the first time, add the interest of the waiting to the principal."""
        if self._level is None:
            self._principal = self.owed
            self._unpaid = np.zeros(1)
            years = self._rules.standard_years
            if self._loan.plan is Plan.TIERED:
                balance = float(self._principal[0])
                years = next(years for below, years in self._rules.tiers if balance < below)
            self._level = level_payment(self._principal, self._loan.rate, years * MONTHS)
        return self._level

    def _months_left(self, *, qualifies: bool) -> tuple[int, bool]:
        """Return the payments left until something is forgiven, and whether by PSLF; never = more than a year."""
        never = MONTHS + 1
        own = {
            Plan.IBR: (self._rules.ibr_new if self._loan.new_borrower else self._rules.ibr_old)[1] - self._counted,
            Plan.RAP: self._rules.rap_months - self._counted,
        }.get(self._loan.plan, never)
        counts = self._loan.pslf and qualifies and self._loan.plan is not Plan.TIERED
        public = self._rules.pslf_payments - self._qualifying if counts else never
        return (max(public, 0), True) if public <= own else (max(own, 0), False)

    def _due(self, income: Vector, level: Vector) -> Vector:
        if self._loan.plan is Plan.IBR:
            return np.minimum(ibr_due(income, self._loan, self._rules), level.astype(income.dtype))
        return rap_due(income, self._loan, self._rules) if self._loan.plan is Plan.RAP else level

    def _pay(self, due: Vector, months: int) -> Vector:
        """Pay for so many months; draws that owe nothing are left alone."""
        if due.shape != self._principal.shape:
            self._principal = np.broadcast_to(self._principal, due.shape).astype(due.dtype)
            self._unpaid = np.broadcast_to(self._unpaid, due.shape).astype(due.dtype)
        owing = _where(self.owed > 0) if self.owed.size == due.size else slice(None)
        principal, unpaid, due = self._principal[owing], self._unpaid[owing], due[owing]
        rate = self._loan.rate / MONTHS
        if self._loan.plan is Plan.RAP:
            paid = _rap_months(principal, due, months, rate, self._rules.rap_match_usd)
        else:
            paid = _pay_months(principal, unpaid, due, months, rate)
        left = principal + unpaid
        left *= left >= ROUNDING_USD
        whole = np.zeros_like(self._principal)
        whole[owing] = paid
        self._principal[owing] = principal
        self._unpaid[owing] = unpaid
        self.owed = np.zeros_like(self._principal)
        self.owed[owing] = left
        return whole


def _pay_months(principal: Vector, unpaid: Vector, due: Vector, months: int, rate: float) -> Vector:
    """Pay the same each month, interest first; changes `principal` and `unpaid`, returns what was paid.

    Whole years are computed at once; the draws that pay off within the year are followed month by month.
    """
    paid = due * months
    net = due - principal * rate  # what a month takes off the unpaid interest
    left = unpaid - net * months
    paid_up = left < 0  # the unpaid interest, and from then on the principal falls
    if not paid_up.any():
        unpaid[:] = left
        return paid
    reached = _where(paid_up)
    start, owing, monthly = principal[reached], unpaid[reached].copy(), due[reached]
    np.maximum(left, 0, out=unpaid)
    first = np.ceil(owing / net[reached])  # months until then, the last one in part
    growth = (1 + rate) ** np.arange(months + 1, dtype=np.float64)
    series = np.cumsum(growth) - growth  # of the payments of the months after: 1 + (1 + rate) + ...
    after = months - first.astype(np.intp)
    fallen = start - (first * net[reached] - owing)
    end = fallen * growth.astype(due.dtype)[after] - monthly * series.astype(due.dtype)[after]
    ending = np.flatnonzero(end < ROUNDING_USD)
    if ending.size:
        rest, interest = start[ending], owing[ending]
        which = ending if isinstance(reached, slice) else reached[ending]
        paid[which] = _months(rest, interest, monthly[ending], months, rate)
        end[ending], unpaid[which] = rest, interest
    principal[reached] = end
    return paid


def _where(mask: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:
    """Return the places where the mask holds, as a slice where it holds everywhere: no copies then."""
    return slice(None) if mask.all() else np.flatnonzero(mask)


def _months(principal: Vector, unpaid: Vector, due: Vector, months: int, rate: float) -> Vector:
    """Pay month by month, interest first; changes `principal` and `unpaid`, returns what was paid."""
    paid = np.zeros_like(principal)
    pay, part = np.empty_like(principal), np.empty_like(principal)
    for _ in range(months):
        np.multiply(principal, rate, out=part)
        unpaid += part
        np.add(principal, unpaid, out=pay)
        np.minimum(due, pay, out=pay)
        paid += pay
        np.minimum(pay, unpaid, out=part)
        unpaid -= part
        pay -= part
        principal -= pay
    return paid


def _rap_months(principal: Vector, due: Vector, months: int, rate: float, match_usd: float) -> Vector:
    """Pay month by month: interest that the payment does not cover is waived, and principal falls by the match."""
    paid = np.zeros_like(principal)
    for _ in range(months):
        interest = principal * rate
        pay = np.minimum(due, principal + interest)
        paid += pay
        to_principal = np.maximum(pay - interest, 0)
        np.maximum(to_principal, np.minimum(pay, match_usd), out=to_principal)
        principal -= np.minimum(to_principal, principal)
    return paid
