"""What can be wrong about an assignment."""

from chassis.kernel.errors import Conflict, NotFound


class AssignmentNotFound(NotFound):
    """No such assignment, or another organization's."""

    code, title = "assignment-not-found", "There is no such assignment"


class AssignmentOver(Conflict):
    """The assignment has ended or was deactivated: only a new one can give access again."""

    code, title = "assignment-over", "This assignment is over"


class AlreadyAssigned(Conflict):
    """The address holds a seat of the same product on one of the days."""

    code, title = "already-assigned", "This address already holds a seat of this product"


class NoFreeSeat(Conflict):
    """No seat of the license is free on all of the days."""

    code, title = "no-free-seat", "No seat is free on these days"


class SeatsInUse(Conflict):
    """Fewer seats are wanted than are in use; `candidates` are the assignments that could be given up."""

    code, title = "seats-in-use", "More seats are in use than would be left"


class NotAssignable(Conflict):
    """A one-off license serves its buyer only."""

    code, title = "license-not-assignable", "Seats of this license cannot be assigned"
