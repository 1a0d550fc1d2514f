"""The projection of accounts on DynamoDB."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from gas.adapters.aws import items
from gas.adapters.aws.errors import translated
from gas.adapters.aws.expressions import Terms
from gas.domain.errors import LostRaceError
from gas.domain.plan import Account
from gas.ports import PlanChange

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


class DynamoAccountStore:
    """An AccountStore."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    async def get(self, user_id: str) -> Account | None:
        item = await self._get(user_id, items.ACCOUNT)
        return items.account_from_item(item) if item else None

    async def project(self, account: Account, change: PlanChange | None) -> None:
        try:
            await self._put(account, change)
        except LostRaceError:
            await self._update_contact(account)

    async def pending_change(self, user_id: str) -> PlanChange | None:
        item = await self._get(user_id, items.PLAN_CHANGE)
        return items.change_from_item(item) if item else None

    async def postpone_change(self, change: PlanChange, due_at: datetime) -> None:
        terms = Terms()
        await self._unless_replaced(
            self._client.update_item,
            user_id=change.user_id,
            sort_key=items.PLAN_CHANGE,
            condition=terms.equal({"plan_version": change.plan_version}),
            terms=terms,
            UpdateExpression=terms.assign(items.due(change.user_id, due_at)),
        )

    async def finish_change(self, change: PlanChange) -> None:
        terms = Terms()
        await self._unless_replaced(
            self._client.delete_item,
            user_id=change.user_id,
            sort_key=items.PLAN_CHANGE,
            condition=terms.equal({"plan_version": change.plan_version}),
            terms=terms,
        )

    async def _get(self, user_id: str, sort_key: str) -> items.Item | None:
        with translated():
            answer = await self._client.get_item(
                TableName=self._table, Key=items.key(user_id, sort_key), ConsistentRead=True
            )
        return answer.get("Item")

    async def _put(self, account: Account, change: PlanChange | None) -> None:
        """Raises LostRaceError unless the version of the plan is newer than the stored one."""
        terms = Terms()
        new = terms.equal({"plan_version": None})
        newer = f"{terms.name('plan_version')} < {terms.value(account.plan_version)}"
        puts: list[Any] = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": items.account_to_item(account),
                    "ConditionExpression": f"{new} OR {newer}",
                    "ExpressionAttributeNames": terms.names,
                    "ExpressionAttributeValues": terms.values,
                }
            }
        ]
        if change:
            put = {"TableName": self._table, "Item": items.change_to_item(change)}
            puts.append({"Put": put})
        with translated():
            await self._client.transact_write_items(TransactItems=puts)

    async def _update_contact(self, account: Account) -> None:
        terms = Terms()
        await self._unless_replaced(
            self._client.update_item,
            user_id=account.user_id,
            sort_key=items.ACCOUNT,
            condition=terms.equal({"plan_version": account.plan_version}),
            terms=terms,
            UpdateExpression=terms.assign(
                account.model_dump(mode="json", include={"name", "email", "muted_mails"})
            ),
        )

    async def _unless_replaced(
        self,
        write: Any,
        *,
        user_id: str,
        sort_key: str,
        condition: str,
        terms: Terms,
        **arguments: Any,
    ) -> None:
        """A write that a newer version of what it is about makes pointless."""
        try:
            with translated():
                await write(
                    TableName=self._table,
                    Key=items.key(user_id, sort_key),
                    ConditionExpression=condition,
                    ExpressionAttributeNames=terms.names,
                    ExpressionAttributeValues=terms.values,
                    **arguments,
                )
        except LostRaceError:
            return
