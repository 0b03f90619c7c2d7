"""The second factor as the API shows it."""

from pydantic import BaseModel, ConfigDict, Field


class SecondFactor(BaseModel):
    """Whether signing in asks for a code."""

    enabled: bool
    recovery_codes_left: int


class ConfirmWithPassword(BaseModel):
    """The present password, asked again before something grave."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"current_password": "a phrase that is easy to keep"}]}
    )

    current_password: str = Field(max_length=4096)


class ConfirmWithCode(BaseModel):
    """The six digits that the authenticator application shows now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "123456"}]})

    code: str = Field(max_length=40)


class NewAuthenticator(BaseModel):
    """What the authenticator application needs; it counts once it is confirmed with a first code."""

    secret: str
    uri: str


class RecoveryCodes(BaseModel):
    """Each opens the account once when the authenticator is lost. They are shown this one time."""

    recovery_codes: list[str]
