"""A standing duty noted as done by mistake is struck out, not deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add when a note of a duty was struck out."""
    op.add_column("standing_duty", sa.Column("retracted_at", sa.DateTime(), nullable=True))
