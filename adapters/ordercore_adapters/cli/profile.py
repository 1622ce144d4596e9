"""What the shop is called and writes from, for commands that write or send messages."""

from __future__ import annotations

from typing import Annotated

import attrs
from cyclopts import Parameter

from ordercore.errors import InvalidValueError, SetupError
from ordercore.values.outgoing import ShopProfile


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Signature:
    """How messages are signed.

    Attributes:
        name: What the shop is called in messages.
        sender: The address that messages come from.
        base_url: The shop's home page, where links in messages lead.
        language: What customers read who speak nothing it knows.
    """

    name: Annotated[str, Parameter(name="--shop-name", env_var="ORDERCORE_SHOP_NAME")] = "The shop"
    sender: Annotated[str, Parameter(name="--sender", env_var="ORDERCORE_SENDER")] = (
        "shop@shop.invalid"
    )
    base_url: Annotated[str, Parameter(name="--shop-url", env_var="ORDERCORE_SHOP_URL")] = (
        "https://shop.invalid"
    )
    language: Annotated[str, Parameter(name="--language", env_var="ORDERCORE_LANGUAGE")] = "en"

    def profile(self) -> ShopProfile:
        """Return it as the shop wants it.

        Raises:
            SetupError: `setup.usage`.
        """
        try:
            return ShopProfile(
                name=self.name,
                sender_address=self.sender,
                base_url=self.base_url,
                language=self.language,
            )
        except InvalidValueError as error:
            raise SetupError("setup.usage", reason=str(error)) from None


UNSIGNED = Signature()
