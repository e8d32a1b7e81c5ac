"""The application's certificate: what proves who we are where no shared secret should exist.

PEM and PFX files become the one form that sign-in needs, so that a wrong file, password or pair is
told in our words and before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from gradesys.errors import SettingsError

_FORMAT = PublicFormat.SubjectPublicKeyInfo
Pair = tuple[object, x509.Certificate | None]


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A private key and its certificate, both PEM text; ``expires`` is an instant in UTC."""

    private_key: str = field(repr=False)
    certificate: str
    expires: datetime


def read_certificate(file: Path, password: str) -> ClientCertificate:
    """The certificate in a .pem, .pfx or .p12 file, with its RSA key.

    Raises SettingsError for a file that cannot be read, opened with this password, or used.
    """
    try:
        key, certificate = _reader(file)(file.read_bytes(), password.encode() or None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"GRADESYS_CERTIFICATE cannot be read: {_told(error)}") from error
    if not isinstance(key, RSAPrivateKey) or certificate is None:
        raise SettingsError("GRADESYS_CERTIFICATE must hold an RSA private key and a certificate")
    halves = (key.public_key(), certificate.public_key())
    if len({half.public_bytes(Encoding.DER, _FORMAT) for half in halves}) > 1:
        raise SettingsError("GRADESYS_CERTIFICATE holds a key that is not its certificate's")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ClientCertificate(
        private_key=private.decode(),
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
        expires=certificate.not_valid_after_utc,
    )


def _pem(content: bytes, password: bytes | None) -> Pair:
    return load_pem_private_key(content, password), x509.load_pem_x509_certificate(content)


def _pfx(content: bytes, password: bytes | None) -> Pair:
    key, certificate, _ = load_key_and_certificates(content, password)
    return key, certificate


READERS: Mapping[str, Callable[[bytes, bytes | None], Pair]] = {".pfx": _pfx, ".p12": _pfx}
"""By the ending of the file's name; anything else is PEM."""


def _reader(file: Path) -> Callable[[bytes, bytes | None], Pair]:
    return READERS.get(file.suffix.lower(), _pem)


def _told(error: Exception) -> str:
    """What the operating system or the library says, without paths or contents."""
    return getattr(error, "strerror", None) or str(error).partition("\n")[0]
