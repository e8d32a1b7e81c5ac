"""Certificates of applications that exist only in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

ISSUED = datetime(2026, 1, 1, tzinfo=UTC)
EXPIRES = datetime(2036, 1, 1, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gradesys tests")])


@dataclass(frozen=True, slots=True)
class Identity:
    """An application's key and its certificate."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    def pem(self, password: str = "", certificate_first: bool = False) -> bytes:
        """One file with both, as openssl would write it."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _locked(password))
        parts = [key, self.certificate.public_bytes(Encoding.PEM)]
        return b"".join(reversed(parts) if certificate_first else parts)

    def pfx(self, password: str = "") -> bytes:
        """One file with both, as Windows would write it."""
        return serialize_key_and_certificates(
            b"gradesys", self.key, self.certificate, None, _locked(password)
        )


@cache
def identity(number: int = 1, expires: datetime = EXPIRES) -> Identity:
    """The same one for the same arguments: making a key takes its time."""
    key = generate_rsa(65537, 2048)
    builder = x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME)
    builder = builder.public_key(key.public_key()).serial_number(number)
    builder = builder.not_valid_before(ISSUED).not_valid_after(expires)
    return Identity(key, builder.sign(key, SHA256()))


def elliptic_key() -> bytes:
    """A private key of a kind that Entra ID does not take."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _locked(password: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()
