"""Option sets: made from request bodies, and changed value by value."""

import re
from collections.abc import Callable, Iterable

import msgspec
from msgspec import Struct

from emulator.customization.bodies import BooleanOptionSetBody, OptionBody, OptionSetBody
from emulator.customization.labels import BASE_LANGUAGE, labels_of, merged, required_labels
from emulator.customization.names import new_id
from emulator.definitions import Choice, Labels, Option
from emulator.errors import Unsupported, invalid_argument

FIRST_CUSTOM_VALUE = 921_500_000
_COLOR = re.compile("#[0-9A-Fa-f]{6}")


class OptionText(Struct, frozen=True):
    """What an option is called; `merge` keeps the languages that were not sent."""

    labels: Labels
    merge: bool = False


def local_choice(name: str, body: OptionSetBody) -> Choice:
    """The option set of one column."""
    if body.is_global:
        raise invalid_argument(f"The option set of {name} must not be global.")
    return Choice(name=body.name or name, id=new_id(), options=_options(body))


def global_choice(body: OptionSetBody) -> Choice:
    """An option set of its own; 400 without a name."""
    if not body.name or not body.is_global:
        raise invalid_argument("A global option set needs a Name and IsGlobal true.")
    return Choice(
        name=body.name,
        id=new_id(),
        options=_options(body),
        is_global=True,
        labels=required_labels(body.display_name, body.name),
        description=labels_of(body.description),
    )


def boolean_choice(name: str, body: BooleanOptionSetBody | None) -> Choice:
    """The labels of false and true; `No` and `Yes` unless given."""
    if body is None:
        options = (Option(0, {BASE_LANGUAGE: "No"}), Option(1, {BASE_LANGUAGE: "Yes"}))
    else:
        options = (_option(body.false_option, 0), _option(body.true_option, 1))
    return Choice(name=name, id=new_id(), kind="Boolean", options=options)


def insert_option(choice: Choice, value: int | None, text: OptionText) -> tuple[Choice, int]:
    """The choice with one more option, and its value (the next free one when none is given)."""
    taken = {option.value for option in choice.options}
    wanted = max(taken | {FIRST_CUSTOM_VALUE - 1}) + 1 if value is None else value
    if wanted in taken:
        raise invalid_argument(f"The option value {wanted} exists already in {choice.name}.")
    return _replaced(choice, (*choice.options, Option(wanted, text.labels))), wanted


def update_option(choice: Choice, value: int, text: OptionText) -> Choice:
    """The choice with one option called differently."""

    def renamed(option: Option) -> Option:
        labels = merged(option.labels, text.labels, text.merge)
        return msgspec.structs.replace(option, labels=labels)

    return _changed(choice, value, renamed)


def delete_option(choice: Choice, value: int) -> Choice:
    """The choice without one option; rows keep the number."""
    existing_option(choice, value)
    return _replaced(choice, (option for option in choice.options if option.value != value))


def order_options(choice: Choice, values: Iterable[int]) -> Choice:
    """The choice with all its options in the given order."""
    order = list(values)
    if sorted(order) != sorted(option.value for option in choice.options):
        raise invalid_argument(f"Values must name every option of {choice.name} once.")
    return _replaced(choice, (existing_option(choice, value) for value in order))


def existing_option(choice: Choice, value: int) -> Option:
    """One option; 400 when the choice does not have it."""
    option = choice.option(value)
    if option is None:
        raise invalid_argument(f"The option value {value} does not exist in {choice.name}.")
    return option


def _changed(choice: Choice, value: int, change: Callable[[Option], Option]) -> Choice:
    existing_option(choice, value)
    return _replaced(
        choice,
        (change(option) if option.value == value else option for option in choice.options),
    )


def _replaced(choice: Choice, options: Iterable[Option]) -> Choice:
    return msgspec.structs.replace(choice, options=tuple(options))


def _options(body: OptionSetBody) -> tuple[Option, ...]:
    options = tuple(
        _option(item, FIRST_CUSTOM_VALUE + place) for place, item in enumerate(body.options)
    )
    values = [option.value for option in options]
    if len(set(values)) < len(values):
        raise invalid_argument("Two options have the same value.")
    return options


def _option(body: OptionBody, default: int) -> Option:
    value = default if body.value is None else body.value
    if labels_of(body.description):
        raise Unsupported("descriptions of options")
    if body.color is not None and not _COLOR.fullmatch(body.color):
        raise invalid_argument(f"The colour {body.color} is not of the form #RRGGBB.")
    return Option(value, required_labels(body.label, f"option {value}"), color=body.color)
