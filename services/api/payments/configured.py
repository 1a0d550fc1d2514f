"""Which payment service there is, by the settings."""

from services.api.payments.port import Payments
from services.api.payments.stripe_checkout import StripeCheckout
from services.api.settings import ApiSettings


def configured_payments(settings: ApiSettings) -> Payments | None:
    """None where no keys are set: then Premium costs nothing."""
    key, secret = settings.stripe_secret_key, settings.stripe_webhook_secret
    if key is None or secret is None or settings.stripe_price is None:
        return None
    return StripeCheckout(
        secret_key=key.get_secret_value(),
        webhook_secret=secret.get_secret_value(),
        price=settings.stripe_price,
        origin=settings.origin,
        page_origins=settings.stripe_origins,
        api_url=str(settings.stripe_api_url),
    )
