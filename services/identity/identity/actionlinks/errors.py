"""What can be wrong with a link."""

from chassis.kernel.errors import NotFound


class LinkUnusable(NotFound):
    """Expired, used, superseded or never issued: the answer does not tell which (410)."""

    code = "link-unusable"
    title = "This link cannot be used any more"
    status = 410
