"""An api that takes payments, of a Stripe that a test plays."""

from collections.abc import AsyncIterator, Iterator

import pytest

from services.api.settings import ApiSettings
from tests.support.stripe.events import SECRET
from tests.support.stripe.stand_in import StripeStandIn, stripe_stand_in
from tests.unit.api.world import World


@pytest.fixture
def stripe() -> Iterator[StripeStandIn]:
    with stripe_stand_in() as stripe:
        yield stripe


@pytest.fixture
def settings(settings: ApiSettings, stripe: StripeStandIn) -> ApiSettings:
    return ApiSettings.model_validate(
        {
            **settings.model_dump(),
            "stripe_secret_key": "sk_test_of_these_tests",
            "stripe_webhook_secret": SECRET,
            "stripe_price": "price_premium",
            "stripe_api_url": stripe.url,
        }
    )


@pytest.fixture
async def paying_world(world: World) -> AsyncIterator[World]:
    """A world whose connections to Stripe are closed at the end."""
    yield world
    await world.context.billing.close()
