"""The commands that add one entry without a file: the same models, plan and transaction as `record`."""

import typer

from positions.commands import asking, fields, help
from positions.commands.adding import adds, with_basis
from positions.commands.asking import Given

app = help.App()

_OWN_WORDS = "quote or summary or text"
_ITEM = ("episode", "id", "by or side", "to", "topic", "title", "made", _OWN_WORDS, "basis")


@adds(app, "episode", fields.EPISODE, ("id", "kind", "title", "published"))
def episode(given: Given) -> Given:
    """Add a source.

    Example: positions add episode --id press --kind statement --title "A press conference" --published 2022-01-26
    """
    return given


@adds(app, "actors", fields.ACTOR, ("episode", "id", "kind", "name"))
def actor(given: Given) -> Given:
    """Add a state, an alliance, an organisation or a person.

    Example: positions add actor --episode press --id burns --kind person --name "William Burns" --speaks-for us
    """
    return given


@adds(app, "demands", fields.ITEM, _ITEM)
def demand(given: Given) -> Given:
    """Add what somebody asks others to do or not to do.

    Example: positions add demand --episode press --id no-exercises --by russia --to nato --topic exercises
    --title "No exercises near the border" --made 2022-01-26 --basis reported --quote "an end to the exercises"
    """
    return with_basis(given)


@adds(app, "offers", fields.ITEM, _ITEM)
def offer(given: Given) -> Given:
    """Add what somebody is ready to do or to discuss.

    Example: positions add offer --episode press --id exercise-talks --by nato --to russia --topic exercises
    --title "Talks on exercises" --made 2022-01-26 --basis reported --quote "ready to discuss exercises"
    """
    return with_basis(given)


@adds(
    app,
    "responses",
    fields.RESPONSE,
    ("episode", "by", "said", "stance or repeats or about", "quote or summary", "basis"),
)
def response(given: Given) -> Given:
    """Add what an actor, or several together, said on a day about items.

    Example: positions add response --episode press --by nato --said 2022-01-26 --stance no-enlargement=non-starter
    --quote "we will not compromise on this" --basis reported
    """
    details: dict[str, dict[str, str]] = {
        item: {"stance": kind} for item, kind in asking.stances(given.get("stance", ())).items()
    }
    for name in ("wording", "condition"):
        if name in given:
            if len(details) != 1:
                raise typer.BadParameter("goes with exactly one --stance", param_hint=fields.option(name))
            next(iter(details.values()))[name] = given[name]
    rest = {name: value for name, value in given.items() if name not in {"stance", "wording", "condition"}}
    return with_basis({**rest, "stances": details})


@adds(app, "outcomes", fields.OUTCOME, ("episode", "items", "outcome", "on"))
def outcome(given: Given) -> Given:
    """Add what became of items: agreed, met, withdrawn or superseded.

    Example: positions add outcome --episode press --items no-missiles --outcome withdrawn --on 2022-01-26 --by russia
    """
    return given
