"""A state that moves only through its transitions.

``django_fsm``'s own mixin lifts the protection on the *shared* field object while an
instance is refreshed; one failed refresh leaves it off for the whole process. Here
the permission to write is a flag on the instance.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django_fsm import FSMField, TransitionNotAllowed
from django_fsm import FSMFieldDescriptor as BaseDescriptor

from moves.core import Blocked, Obstacle


class StateDescriptor(BaseDescriptor):
    """Refuse to set a state by hand, except while this instance is being loaded."""

    def __set__(self, instance: models.Model, value: str) -> None:
        name = self.field.name
        if name in instance.__dict__ and not instance.__dict__.get("_loading_state"):
            raise AttributeError(f"{name} moves only through its transitions.")
        self.field.set_proxy(instance, value)
        self.field.set_state(instance, value)


class StateField(FSMField):
    """A state column; give its model ``MovingModel`` so that it can be refreshed."""

    descriptor_class = StateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Give a model its machine; one that a migration renders has no methods, so no machine.

        Each field listens for every model that is made: with the many of a migration run, most
        of its time would go there.
        """
        if cls.__module__ == "__fake__":
            models.CharField.contribute_to_class(self, cls, name, private_only=private_only)
        else:
            super().contribute_to_class(cls, name, private_only=private_only)


class MovingModel(models.Model):
    """A model with a StateField: lets a refresh, and nothing else, set the state."""

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__["_loading_state"] = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            del self.__dict__["_loading_state"]


def move(thing: models.Model, transition: str, *, also: Sequence[str] = ()) -> None:
    """Call a transition and write the new state, only if the old one still stands.

    ``also`` names other fields the caller or the transition changed, written in the
    same statement. Raises Blocked (``already_moved``) when the transition is not
    possible from the state in the database: somebody else was first.
    """
    old = thing.state  # type: ignore[attr-defined]
    try:
        getattr(thing, transition)()
    except TransitionNotAllowed as error:
        raise Blocked([already_moved()]) from error
    values: dict[str, Any] = {"state": thing.state}  # type: ignore[attr-defined]
    for name in also:
        values[name] = getattr(thing, name)
    rows = type(thing)._base_manager.filter(pk=thing.pk, state=old).update(**values)
    if rows != 1:
        raise Blocked([already_moved()])


def already_moved() -> Obstacle:
    """Return the obstacle for a thing that somebody else has moved meanwhile."""
    return Obstacle(code="already_moved", cleared_by="nobody")
