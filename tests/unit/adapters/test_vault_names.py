"""What archives are called, and what Glacier's errors mean."""

import pytest
from botocore.exceptions import ClientError

from gas.adapters.aws.vault.errors import asking_glacier, is_gone
from gas.adapters.aws.vault.names import Description, VaultId
from gas.domain.errors import TransientError

VAULT_ID = VaultId("u/j/2/a.vcf.gz", "gas.results-1", "Nkb-_ByE")


def test_an_id_comes_back_as_it_was() -> None:
    assert VaultId.find_in(str(VAULT_ID)) == VAULT_ID


def test_an_id_begins_with_the_key() -> None:
    """By which the orphan sweep knows whose it is, and of which attempt."""
    assert str(VAULT_ID).startswith(VAULT_ID.key)


def test_a_key_of_s3_is_no_id_of_a_vault() -> None:
    assert VaultId.find_in(VAULT_ID.key) is None


def test_a_description_comes_back_as_it_was() -> None:
    description = Description(VAULT_ID.key, "application/gzip")
    assert Description.of(str(description)) == description
    assert str(description).isascii()


@pytest.mark.parametrize("text", ["", "of somebody else", "one-word"])
def test_a_description_of_somebody_else_names_no_key_of_ours(text: str) -> None:
    assert "/" not in Description.of(text).key


def error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "InitiateJob")


def test_a_missing_vault_says_nothing_about_its_archives() -> None:
    archive = error("ResourceNotFoundException", "The archive ID was not found: Nkb")
    vault = error("ResourceNotFoundException", "Vault not found for ARN: arn:aws:glacier:x")
    assert is_gone(archive)
    assert not is_gone(vault)
    assert not is_gone(error("InvalidParameterValueException", "The archive ID was not found"))


@pytest.mark.parametrize(
    "code",
    [
        "InsufficientCapacityException",
        "LimitExceededException",
        "PolicyEnforcedException",
        "RequestTimeoutException",
        "ResourceNotFoundException",
    ],
)
def test_what_glacier_cannot_do_now_is_tried_again(code: str) -> None:
    with pytest.raises(TransientError), asking_glacier():
        raise error(code, "not now")


def test_an_error_that_nobody_knows_stays_as_it_is() -> None:
    with pytest.raises(ClientError), asking_glacier():
        raise error("AccessDeniedException", "no")
