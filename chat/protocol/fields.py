"""Defines the types of the frames' fields. Bytes are sent as canonical base64url without padding."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from django.conf import settings
from msgspec import Meta

# In canonical base64url the unused bits of the last character are zero, so only some characters can be last.
type Ref = Annotated[str, Meta(max_length=36)]
type Id16 = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{21}[AQgw]$", max_length=22, description="16 bytes")]
type Id8 = Annotated[
    str, Meta(pattern="^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$", max_length=11, description="8 bytes")
]
# PostgreSQL cannot store a NUL character in text.
type Opaque = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")]
type Bytes = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]*$", description="base64url")]
type Seq = Annotated[int, Meta(ge=0, le=2**31 - 1)]
type Epoch = Annotated[int, Meta(ge=0, le=2**31 - 1)]
type Urgency = Literal[0, 1, 2]
type HoldReason = Literal[
    "safeguarding", "legal"
]  # callers are shown the reason, and the privacy statement lists both reasons
type Locale = Annotated[
    str, Meta(pattern=f"^({'|'.join(code for code, _ in settings.LANGUAGES)})$", description="a language")
]
# One text for each language code, and one for `nl.formal` if the formal Dutch text differs.
type Texts = dict[str, str]
type At = Annotated[str, Meta(description="ISO 8601, UTC, Z")]
type Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with a time zone")]
type Words = Annotated[str, Meta(max_length=120, pattern=r"^[^\x00]*$")]


def in_utc(moment: datetime) -> datetime:
    """Returns the time in UTC. Raises ValueError, which makes the frame invalid, if its year in UTC is not
    from 1 to 9999."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error
