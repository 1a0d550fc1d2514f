"""The names in the code and the resources in the template are the same."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from gas.messages import AnyMessage, new_id
from gas.runtime import routing, topology
from gas.runtime.decisions import MAX_RECEIVES
from gas.runtime.topology import Queue, Topic

_TEMPLATE = Path(__file__).parents[2] / "infrastructure" / "gas-resources.yaml"
_VALUES = {
    "Prefix": "lab",
    "AWS::AccountId": "123456789012",
    "AWS::Region": "eu-central-1",
    "AWS::Partition": "aws",
}
_DAY = 86_400


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms: !Sub with our values, all others as {tag: value}."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        text = str(loader.construct_scalar(node))
        if tag == "Sub":
            for name, value in _VALUES.items():
                text = text.replace(f"${{{name}}}", value)
            return text
        return {tag: text}
    assert isinstance(node, yaml.SequenceNode)
    return {tag: loader.construct_sequence(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    content = yaml.load(_TEMPLATE.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    assert isinstance(content, dict)
    return content


def _of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == f"AWS::{kind}"
    }


def _names(template: dict[str, Any], kind: str, key: str) -> set[str]:
    return {properties[key] for properties in _of_type(template, kind).values()}


def test_topics_are_those_of_the_code(template: dict[str, Any]) -> None:
    expected = {topology.topic_name("lab", topic) for topic in Topic}
    assert _names(template, "SNS::Topic", "TopicName") == expected


def test_queues_are_those_of_the_code(template: dict[str, Any]) -> None:
    expected = {topology.queue_name("lab", queue) for queue in Queue}
    expected |= {topology.dead_letter_queue_name("lab", queue) for queue in Queue}
    expected |= {topology.undelivered_queue_name("lab")}
    assert _names(template, "SQS::Queue", "QueueName") == expected


def test_buckets_are_those_of_the_code(template: dict[str, Any]) -> None:
    account = _VALUES["AWS::AccountId"]
    expected = {
        topology.inputs_bucket_name("lab", account),
        topology.results_bucket_name("lab", account),
    }
    assert _names(template, "S3::Bucket", "BucketName") == expected


def test_table_and_indexes_are_those_of_the_code(template: dict[str, Any]) -> None:
    (table,) = _of_type(template, "DynamoDB::Table").values()
    assert table["TableName"] == topology.jobs_table_name("lab")
    keys = {
        index["IndexName"]: {key["KeyType"]: key["AttributeName"] for key in index["KeySchema"]}
        for index in table["GlobalSecondaryIndexes"]
    }
    assert keys == {
        topology.DUE_INDEX: {"HASH": "due_shard", "RANGE": "due_at"},
        topology.QUEUE_INDEX: {"HASH": "queue_shard", "RANGE": "submitted_at"},
    }


@pytest.mark.parametrize("queue", Queue)
def test_a_message_dies_after_five_receives_and_outlives_its_queue(
    template: dict[str, Any], queue: Queue
) -> None:
    queues = {p["QueueName"]: (name, p) for name, p in _of_type(template, "SQS::Queue").items()}
    _, source = queues[topology.queue_name("lab", queue)]
    dead_name, dead = queues[topology.dead_letter_queue_name("lab", queue)]
    assert source["RedrivePolicy"] == {
        "deadLetterTargetArn": {"GetAtt": f"{dead_name}.Arn"},
        "maxReceiveCount": MAX_RECEIVES,
    }
    assert source["MessageRetentionPeriod"] == 4 * _DAY
    assert dead["MessageRetentionPeriod"] == 14 * _DAY
    assert dead["RedriveAllowPolicy"]["sourceQueueArns"] == [
        f"arn:aws:sqs:eu-central-1:123456789012:{topology.queue_name('lab', queue)}"
    ]


def test_every_subscription_is_raw_and_keeps_what_it_cannot_deliver(
    template: dict[str, Any],
) -> None:
    for name, subscription in _of_type(template, "SNS::Subscription").items():
        assert subscription["RawMessageDelivery"] is True, name
        target = subscription["RedrivePolicy"]["deadLetterTargetArn"]
        assert target == {"GetAtt": "UndeliveredQueue.Arn"}, name


@pytest.mark.parametrize("message_type", routing._TOPICS)
def test_subscriptions_deliver_as_the_routing_says(
    template: dict[str, Any], message_type: type[AnyMessage]
) -> None:
    ids = {"correlation_id": new_id(), "user_id": new_id(), "job_id": new_id()}
    message = message_type.model_validate(ids)
    assert _deliveries(template, message) == sorted(routing.listeners_of(message))


def _deliveries(template: dict[str, Any], message: Any) -> list[str]:
    """The queues (without prefix) that get ``message``, by the template alone."""
    topics = _of_type(template, "SNS::Topic")
    queues = _of_type(template, "SQS::Queue")
    body = json.loads(message.model_dump_json())
    found = []
    for subscription in _of_type(template, "SNS::Subscription").values():
        topic = topics[subscription["TopicArn"]["Ref"]]["TopicName"]
        wanted = subscription.get("FilterPolicy", {"type": [body["type"]]})["type"]
        if (
            topic == topology.topic_name("lab", routing.topic_of(message))
            and body["type"] in wanted
        ):
            endpoint = subscription["Endpoint"]["GetAtt"].removesuffix(".Arn")
            found.append(queues[endpoint]["QueueName"].removeprefix("lab-"))
    return sorted(found)
