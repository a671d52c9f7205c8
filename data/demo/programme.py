"""What the made-up programme office keeps, by kind of record: its columns, then its rows."""

from __future__ import annotations

TRUST, POLICE = "Hospital trust", "Police force"
PROGRAMME: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    "expectation": (
        ("title", "status", "role", "start", "end", "evidence"),
        [
            (
                "define",
                "met",
                "Analyst",
                "2020-01-15",
                "2026-03-31",
                "Data annex of the assessment",
            ),
            ("causes", "met", "Analyst", "2020-06-30", "2026-03-31", "Chapter 4 of the assessment"),
            ("what-works", "in part", "Evaluation lead", "2021-04-01", "", "Two of six evaluated"),
            ("scale-up", "not met", "Programme manager", "", "", ""),
            ("needs-assessment", "met", "Analyst", "2025-11-28", "2026-11-30", "Edition of 2025"),
            ("response-strategy", "met", "Director", "2024-01-31", "2029-01-31", "2024 to 2029"),
            ("evaluation", "in part", "Evaluation lead", "2022-09-01", "", "Police data given"),
        ],
    ),
    "data given": (
        ("title", "start", "organisation"),
        [
            ("Knife-enabled offences by month", "2024-10-01", "National evaluation"),
            ("Interviews with programme staff", "2025-05-12", "National evaluation"),
        ],
    ),
    "project": (
        ("title", "status", "role"),
        [
            ("Leadership & Governance", "on track", "Director"),
            ("VRN Development", "on track", "Programme manager"),
            ("Community Engagement", "on track", "Community lead"),
            ("Service Mapping", "done", "Analyst"),
            ("Analysis & Evaluation", "at risk", "Evaluation lead"),
            ("Service Design & Implementation", "on track", "Commissioning lead"),
            ("Workforce Development", "late", "Training lead"),
            ("Communication & Campaigns", "on track", "Communications lead"),
            ("Policy Integration", "not begun", "Director"),
        ],
    ),
    "milestone": (
        ("title", "belongs_to", "end", "status"),
        [
            ("Board terms of reference agreed", "Leadership & Governance", "2025-04-30", "done"),
            ("Data sharing with the trust renewed", "Analysis & Evaluation", "2026-09-30", "open"),
            (
                "Trauma-informed training for 400 staff",
                "Workforce Development",
                "2026-03-31",
                "open",
            ),
            ("Needs assessment for 2026", "Analysis & Evaluation", "2026-11-30", "open"),
            ("Summer campaign evaluated", "Communication & Campaigns", "2026-12-31", "open"),
        ],
    ),
    "risk": (
        ("title", "belongs_to", "rating", "status", "role"),
        [
            ("Grant known for one year only", "VRN Development", "high", "open", "Director"),
            (
                "Cause coding in hospital is voluntary",
                "Analysis & Evaluation",
                "medium",
                "open",
                "Analyst",
            ),
            (
                "Few schools in the county take part",
                "Service Design & Implementation",
                "low",
                "open",
                "Commissioning lead",
            ),
        ],
    ),
    "intervention": (
        ("title", "tier", "start", "end", "district", "rating", "reach", "cost"),
        [
            (
                "Youth workers in custody and the emergency department",
                "secondary",
                "2019-10-01",
                "",
                "all",
                "high",
                "1,450",
                "612,000.00",
            ),
            (
                "Mentoring in pilot schools",
                "primary",
                "2021-09-01",
                "2025-07-31",
                "Leicester; Charnwood",
                "moderate",
                "860",
                "338,500.00",
            ),
            (
                "Focused deterrence",
                "tertiary",
                "2023-02-01",
                "",
                "Leicester",
                "high",
                "140",
                "275,250.00",
            ),
            (
                "Sport after school",
                "primary",
                "2022-06-01",
                "2024-03-31",
                "Hinckley and Bosworth; North West Leicestershire",
                "low",
                "2,300",
                "96,400.00",
            ),
            (
                "Bystander training in pubs",
                "primary",
                "2024-11-01",
                "",
                "Melton; Rutland; Harborough",
                "not rated",
                "310",
                "41,000.00",
            ),
        ],
    ),
    # The demonstration's extracts must be allowed on any day, so these have no end.
    "agreement": (
        ("title", "belongs_to", "organisation", "start", "end"),
        [
            ("Sharing of admissions for assault", "vrn-admissions", TRUST, "2019-11-01", ""),
            ("Sharing of recorded violence", "vrn-offences", POLICE, "2019-10-01", ""),
            ("Sharing of homicides", "vrn-homicides", POLICE, "2019-10-01", ""),
            ("Sharing of ambulance calls", "ambulance", "Ambulance", "2023-02-01", "2027-01-31"),
        ],
    ),
}
