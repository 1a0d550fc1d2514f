"""What an operator may say of a command."""

import pytest
from pydantic import ValidationError

from gas.annotation.external import ExternalCommand
from gas.annotation.external.command import fill_in


def command(*arguments: str) -> ExternalCommand:
    return ExternalCommand(name="Toy", arguments=arguments, version_arguments=("toy", "-v"))


def test_placeholders_are_replaced_within_arguments_and_a_shell_sees_none() -> None:
    made = command("toy", "--in={input}", "{output}", "a b; rm -rf", "{{x}}")
    assert not made.prints_output
    assert fill_in(made.arguments, {"input": "in.vcf", "output": "out.vcf"}) == [
        *("toy", "--in=in.vcf", "out.vcf", "a b; rm -rf", "{x}"),
    ]


def test_without_output_what_it_prints_is_the_output() -> None:
    assert command("toy", "{input}").prints_output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["toy"], "must name {input}"),
        ([], "at least 1 item"),
        (["toy", "{input}", "{oputut}"], "unknown placeholder {oputut}"),
        (["toy", "{input}", "{}"], "unknown placeholder {}"),
        (["toy", "{input.__class__}"], "unknown placeholder {input.__class__}"),
        (["toy", "{input!r}"], "unknown placeholder {input!r:}"),
        (["toy", "{input"], "expected '}'"),
    ],
)
def test_arguments_that_cannot_be_meant(arguments: list[str], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        command(*arguments)
    assert says in str(caught.value)
