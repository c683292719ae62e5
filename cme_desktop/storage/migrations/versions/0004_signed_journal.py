"""The journal is signed, and seals the rows that its entries tell of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add who signed an entry, in which role, and the seals of its rows; older entries stay as they are, unsigned."""
    op.add_column("journal", sa.Column("role", sa.Text(), nullable=False, server_default=""))
    op.add_column("journal", sa.Column("signed_by", sa.Integer(), nullable=True))
    op.add_column("journal", sa.Column("rows", sa.Text(), nullable=False, server_default=""))
    op.add_column("journal", sa.Column("signature", sa.Text(), nullable=False, server_default=""))
