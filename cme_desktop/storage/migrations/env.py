"""How a migration is run: on the connection it is given, inside the transaction that is already open."""

from __future__ import annotations

from alembic import context

from cme_desktop.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
