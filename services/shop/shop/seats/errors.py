"""What can be wrong about a smaller number of seats."""

from chassis.kernel.errors import Conflict


class SeatsInUse(Conflict):
    """Fewer seats are wanted than are in use; `candidates` are the assignments that could be given up."""

    code, title = "seats-in-use", "More seats are in use than would be left"
