"""The made-up ledger: each year's lines by project, with what is true of them in README.md."""

from __future__ import annotations

from collections.abc import Iterator

# Project, category, share of the year's money in hundredths, role of who classified it.
SHARES = (
    ("Leadership & Governance", "staff", 20, ""),
    ("VRN Development", "staff", 14, ""),
    ("Community Engagement", "other", 10, ""),
    ("Service Mapping", "analysis", 5, ""),
    ("Analysis & Evaluation", "evaluation", 12, ""),
    ("Service Design & Implementation", "intervention", 17, "Commissioning lead"),
    ("Workforce Development", "other", 12, ""),
    ("Communication & Campaigns", "communication", 6, ""),
    ("Policy Integration", "other", 4, ""),
)
GRANTS = {2019: 880_000, 2020: 880_000, 2021: 1_814_683, 2022: 1_170_000, 2023: 1_170_000}
GRANTS |= {2024: 1_170_000, 2025: 1_180_000, 2026: 1_180_000}
BEGUN = 2026  # only its first half has been spent


def lines() -> Iterator[tuple[object, ...]]:
    """Every line: a plan, a forecast and quarterly payments of each project and year."""
    for year, grant in GRANTS.items():
        name = f"{year}-{(year + 1) % 100:02d}"
        for number, (project, category, share, role) in enumerate(SHARES, start=1):
            of_year = grant * share // 100
            # The custody in-reach beside the projects takes interventions to their fifth or so.
            days = (f"{year}-06-30", f"{year}-09-30", f"{year}-12-31", f"{year + 1}-03-31")
            paid = days[:2] if year == BEGUN else days
            line = f"{year}/{number:02d}"
            common = (project, category)
            who = (role, "in the delivery plan" if role else "", "no")
            yield (days[0], name, line, *common, f"{of_year}.00", "plan", "home-office", *who)
            if year >= BEGUN:
                yield (
                    days[0],
                    name,
                    line,
                    *common,
                    f"{of_year}.00",
                    "forecast",
                    "home-office",
                    *who,
                )
            for quarter, day in enumerate(paid, start=1):
                amount = f"{of_year // 4}.{25 * (of_year % 4):02d}"
                place = f"{line}-{quarter}"
                yield (day, name, place, *common, amount, "actual", "home-office", *who)
        inreach = grant * 4 // 100
        who = ("Commissioning lead", "Part of it pays a manager", "yes")
        common = ("Service Design & Implementation", "intervention")
        day = f"{year}-09-30"
        for kind in ("plan", "forecast", "actual") if year >= BEGUN else ("plan", "actual"):
            line = f"{year}/10" + ("-2" if kind == "actual" else "")
            half = inreach // 2 if kind == "actual" and year == BEGUN else inreach
            yield (day, name, line, *common, f"{half}.00", kind, "home-office", *who)
