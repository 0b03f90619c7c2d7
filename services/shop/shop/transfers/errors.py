"""What can go wrong with imports, waves and transfers."""

from collections.abc import Sequence

from chassis.kernel.errors import Conflict, FieldError, Invalid, NotFound, TooLarge


class ImportNotFound(NotFound):
    """No import has this id."""

    code, title = "transfer-import-not-found", "There is no such import"


class WaveNotFound(NotFound):
    """No wave has this id."""

    code, title = "transfer-wave-not-found", "There is no such wave"


class WaveNotChecked(NotFound):
    """The wave was not checked yet."""

    code, title = "transfer-wave-not-checked", "The wave was not checked yet"


class TransferNotFound(NotFound):
    """No transfer has this id."""

    code, title = "transfer-not-found", "There is no such transfer"


class UploadTooLarge(TooLarge):
    """An upload may have one gibibyte, and its unpacked files eight."""

    code, title = "upload-too-large", "The upload is too large"


class UploadRefused(Invalid):
    """Files or columns are missing, or the upload cannot be read: nothing of it was imported."""

    code, title = "upload-refused", "The upload was refused"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(errors=errors)


class UnusableWave(Invalid):
    """The customers of the wave cannot be taken as they are."""

    code, title = "unusable-wave", "The wave cannot be made like this"


class WaveNotReady(Conflict):
    """The wave's state does not allow this step."""

    code, title = "wave-state", "The wave's state does not allow this"


class TransferNotReady(Conflict):
    """The transfer's state does not allow this step."""

    code, title = "transfer-state", "The transfer's state does not allow this"


class TransferCannotBePutBack(Conflict):
    """A customer can be put back until they have activated their account or bought something."""

    code, title = "transfer-cannot-be-put-back", "The customer cannot be put back any more"


class LegacyCustomerNotFound(NotFound):
    """No import names this customer."""

    code, title = "legacy-customer-not-found", "No import names this customer"
