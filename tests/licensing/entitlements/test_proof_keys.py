"""Another file in the place of the key is another key, and no proof becomes worthless by it."""

from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from licensing.entitlements.proof_keys import LOOK_EVERY, SIGNS_AFTER, ProofKeys

PROOF_SECONDS = 300


class Hands:
    """A clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def replace_key(path: Path, content: bytes | None = None) -> str:
    """Put another key in place; its thumbprint."""
    key = ECKey.generate_key("P-256")
    draft = path.with_suffix(".new")
    draft.write_bytes(content if content is not None else key.as_pem(private=True))
    draft.rename(path)
    return key.thumbprint()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "licensing" / "proof-key.pem"


def published(keys: ProofKeys) -> list[str]:
    return [key.thumbprint() for key in keys.published()]


def test_the_key_is_made_once_and_shared(path: Path) -> None:
    one = ProofKeys(path, proof_seconds=PROOF_SECONDS).signing()

    assert ProofKeys(path, proof_seconds=PROOF_SECONDS).signing().thumbprint() == one.thumbprint()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_key_is_published_before_it_signs_and_the_former_until_its_proofs_are_over(path: Path) -> None:
    hands = Hands()
    keys = ProofKeys(path, proof_seconds=PROOF_SECONDS, now=hands)
    former = keys.signing().thumbprint()
    new = replace_key(path)
    assert published(keys) == [former], "looked at now and then only"

    hands.now += LOOK_EVERY
    assert published(keys) == [new, former]
    assert keys.signing().thumbprint() == former
    hands.now += SIGNS_AFTER
    assert keys.signing().thumbprint() == new
    last_proof_of_former = hands.now
    hands.now = last_proof_of_former + PROOF_SECONDS - 1
    assert former in published(keys)
    hands.now += LOOK_EVERY + 1
    assert published(keys) == [new]


@pytest.mark.parametrize(
    "content", [b"", b"half a file", ECKey.generate_key("P-384").as_pem(private=True)], ids=["empty", "half", "P-384"]
)
def test_a_file_that_holds_no_such_key_changes_nothing(path: Path, content: bytes) -> None:
    hands = Hands()
    keys = ProofKeys(path, proof_seconds=PROOF_SECONDS, now=hands)
    former = keys.signing().thumbprint()
    replace_key(path, content)

    hands.now += LOOK_EVERY

    assert keys.signing().thumbprint() == former
    new = replace_key(path)
    hands.now += LOOK_EVERY
    assert published(keys) == [new, former]


def test_a_file_that_is_gone_changes_nothing(path: Path) -> None:
    hands = Hands()
    keys = ProofKeys(path, proof_seconds=PROOF_SECONDS, now=hands)
    former = keys.signing().thumbprint()
    path.unlink()

    hands.now += LOOK_EVERY

    assert published(keys) == [former]


def test_two_rotations_in_a_row_keep_all_three_and_back_again_is_no_other_key(path: Path) -> None:
    hands = Hands()
    keys = ProofKeys(path, proof_seconds=PROOF_SECONDS, now=hands)
    first_file, first = path.read_bytes(), keys.signing().thumbprint()
    second = replace_key(path)
    hands.now += LOOK_EVERY
    keys.signing()
    replace_key(path, first_file)
    hands.now += LOOK_EVERY

    assert published(keys) == [first, second]
    hands.now += SIGNS_AFTER
    assert keys.signing().thumbprint() == first
