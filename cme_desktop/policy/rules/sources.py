"""Where the English rules stand: the regulations and the statutory guidance, with their addresses."""

from __future__ import annotations

from datetime import date
from typing import Final

from cme_desktop.policy.rule import Reference

POLICY_ID: Final = "england"
IN_FORCE_FROM: Final = date(2024, 8, 19)
"""The day SI 2024/208 and the statutory *Working together to improve school attendance* came into force."""

ROYAL_ASSENT_2026: Final = date(2026, 4, 29)
"""The day of the Children's Wellbeing and Schools Act 2026: no section of it can be in force on an earlier one."""


def regulation(number: int, clause: str = "") -> Reference:
    """Cite a regulation of SI 2024/208."""
    return Reference(
        POLICY_ID,
        f"regulation {number}{clause}",
        "The School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208)",
        f"https://www.legislation.gov.uk/uksi/2024/208/regulation/{number}",
    )


def working_together(clause: str) -> Reference:
    """Cite *Working together to improve school attendance*."""
    return Reference(
        POLICY_ID,
        clause,
        "Working together to improve school attendance (statutory guidance)",
        "https://www.gov.uk/government/publications/working-together-to-improve-school-attendance",
    )


def missing_education(clause: str) -> Reference:
    """Cite *Children missing education*."""
    return Reference(
        POLICY_ID,
        clause,
        "Children missing education (statutory guidance)",
        "https://www.gov.uk/government/publications/children-missing-education",
    )


def keeping_safe(clause: str) -> Reference:
    """Cite *Keeping children safe in education*."""
    return Reference(
        POLICY_ID,
        clause,
        "Keeping children safe in education (statutory guidance)",
        "https://www.gov.uk/government/publications/keeping-children-safe-in-education--2",
    )


def transfer_of_information(clause: str) -> Reference:
    """Cite the Education (Pupil Information) (England) Regulations 2005."""
    return Reference(
        POLICY_ID,
        clause,
        "The Education (Pupil Information) (England) Regulations 2005 (SI 2005/1437)",
        "https://www.legislation.gov.uk/uksi/2005/1437",
    )


def act_of_2026(section: int, clause: str) -> Reference:
    """Cite a section of the Children's Wellbeing and Schools Act 2026."""
    return Reference(
        POLICY_ID,
        f"section {section} {clause}",
        "Children's Wellbeing and Schools Act 2026 (c. 21)",
        f"https://www.legislation.gov.uk/ukpga/2026/21/section/{section}",
    )
