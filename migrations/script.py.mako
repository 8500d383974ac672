"""${message}.

Meaning of the old rows after this migration:
"""

import sqlalchemy as sa
from alembic import op

from positions import append_only
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    with append_only.suspended(op.get_bind()):
        ${indented(upgrades)}


def downgrade() -> None:
    with append_only.suspended(op.get_bind()):
        ${indented(downgrades)}

<%def name="indented(lines)">${(lines or "pass").replace("\n", "\n    ")}</%def>
