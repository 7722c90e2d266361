"""Names for a row that mean something in one place only: nobody can tell that two of them are about the same row."""

from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

HALF = 8  # bytes: two numbers fill one block exactly


def seal(scope: int, pk: int) -> UUID:
    """A reference for row `pk` within `scope`: always the same there, and another one in every other scope."""
    block = scope.to_bytes(HALF, "big") + pk.to_bytes(HALF, "big")
    encryptor = _cipher(settings.SECRET_KEY).encryptor()
    return UUID(bytes=encryptor.update(block) + encryptor.finalize())


def unseal(scope: int, reference: UUID) -> int | None:
    """The row that a reference names within this scope; None for a reference of elsewhere or one made up."""
    decryptor = _cipher(settings.SECRET_KEY).decryptor()
    block = decryptor.update(reference.bytes) + decryptor.finalize()
    if int.from_bytes(block[:HALF], "big") != scope:
        return None
    pk = int.from_bytes(block[HALF:], "big")
    return pk if pk < 2**63 else None


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Cipher:
    """AES on one block, keyed for this purpose only. Every block is different, so that no mode has to hide repeats."""
    key = HKDF(SHA256(), length=32, salt=None, info=b"core.references").derive(secret.encode())
    return Cipher(AES(key), ECB())  # noqa: S305
