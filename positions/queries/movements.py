"""Movements: where an actor's position has changed, by its own words or a paraphrase of them."""

from positions.queries import accounts
from positions.queries.rows import Movement, Stance


def step(before: Stance | None, after: Stance, title: str) -> Movement:
    """The movement from one account (None: there was none) to the next, on the item with `title`."""
    return Movement(
        change="first" if before is None else "stance",
        actor=after.actor,
        item=after.item,
        title=title,
        from_=None if before is None else before.stance,
        to=after.stance,
        direction=None if before is None else accounts.direction(before.stance, after.stance),
        said=after.said,
        episode=after.episode,
        response=after.response,
    )
