"""Keys of bundles: the collector signs with its own, the floor knows those that it trusts. Ed25519."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bongsu.language import BadInputError, Text, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PRIVATE, PUBLIC, TRUSTED = "collector.key", "collector.pub", "trusted"
SIGNATURE = 64  # bytes

Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes], bool]  # signature, what it signs


def make(folder: Path) -> tuple[Path, str]:
    """Make the collector's pair of keys in `folder`; gives the public key's file and its fingerprint.

    Raises:
        UsageError: there is one already; another would break the chain of bundles.
    """
    private, public = folder / PRIVATE, folder / PUBLIC
    if private.exists():
        raise UsageError(
            Text("열쇠가 이미 있습니다.", "there is a key already."),
            where=str(private),
            mend=Text(
                "공개 열쇠 파일을 전산망 안쪽에 등록하면 됩니다. 새로 만들려면 먼저 지우십시오(봉투의 이어짐이 끊깁니다).",
                "Its public file is what the floor needs. Delete it first to make another, which begins a new chain.",
            ),
        )
    ed25519, forms = _ed25519()
    key = ed25519.Ed25519PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    _write(private, key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()), 0o600)
    _write(public, key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo), 0o644)
    return public, fingerprint(key.public_key())


def signing(folder: Path) -> tuple[str, Sign]:
    """The collector's fingerprint, and what signs for it.

    Raises:
        UsageError: there is no key yet.
    """
    file = folder / PRIVATE
    if not file.exists():
        raise UsageError(
            Text("서명할 열쇠가 없습니다.", "there is no key to sign with."),
            where=str(file),
            mend=Text("먼저 bongsu carry keys 로 만드십시오.", "Make one with bongsu carry keys."),
        )
    key = _private(file)
    return fingerprint(key.public_key()), key.sign


def trust(folder: Path, file: Path) -> str:
    """Install a collector's public key on the floor's side; gives its fingerprint."""
    _, forms = _ed25519()
    key = _public(file)
    name = fingerprint(key)
    (folder / TRUSTED).mkdir(parents=True, exist_ok=True)
    whole = key.public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    _write(folder / TRUSTED / f"{name}.pub", whole, 0o644)
    return name


def trusted(folder: Path) -> Mapping[str, Verify]:
    """By fingerprint, what tells a true signature of each collector that is trusted.

    Raises:
        UsageError: none is.
    """
    files = sorted((folder / TRUSTED).glob("*.pub"))
    if not files:
        raise UsageError(
            Text("믿는 수집기의 공개 열쇠가 없습니다.", "no collector's public key is trusted yet."),
            where=str(folder / TRUSTED),
            mend=Text(
                f"수집기의 {PUBLIC} 파일을 bongsu carry keys --trust 파일 로 등록하십시오.",
                f"Install the collector's {PUBLIC} with bongsu carry keys --trust FILE.",
            ),
        )
    keys = [_public(file) for file in files]
    return {fingerprint(key): _verifier(key) for key in keys}


def fingerprint(key: "Ed25519PublicKey") -> str:
    """SHA-256 of a public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _verifier(key: "Ed25519PublicKey") -> Verify:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - `_ed25519` has seen to it

    def verify(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return verify


def _private(file: Path) -> "Ed25519PrivateKey":
    ed25519, forms = _ed25519()
    key = _read(file, lambda data: forms.load_pem_private_key(data, None))
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _no_key(file)
    return key  # type: ignore[no-any-return]  # the module is imported late


def _public(file: Path) -> "Ed25519PublicKey":
    ed25519, forms = _ed25519()
    key = _read(file, forms.load_pem_public_key)
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise _no_key(file)
    return key  # type: ignore[no-any-return]  # likewise


def _read(file: Path, load: Callable[[bytes], object]) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - `_ed25519` has seen to it

    try:
        return load(file.read_bytes())
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(file) from error


def _ed25519() -> tuple[Any, Any]:
    """What makes keys, and what writes them; the analytic half installs without it.

    Raises:
        UsageError: it is not installed.
    """
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - likewise
    except ImportError:
        raise UsageError(
            Text("서명 꾸러미(cryptography)가 설치되어 있지 않습니다.", "cryptography, which signs, is not installed."),
            mend=Text("bongsu[floor] 로 설치하십시오.", "Install bongsu[floor]."),
        ) from None
    return ed25519, serialization


def _no_key(file: Path) -> BadInputError:
    return BadInputError(
        Text("Ed25519 열쇠 파일이 아닙니다.", "this is no file of an Ed25519 key."),
        where=str(file),
        mend=Text(f"수집기에서 만든 {PUBLIC} 파일을 주십시오.", f"Give the {PUBLIC} that the collector made."),
    )


def _write(file: Path, data: bytes, mode: int) -> None:
    """Whole or not at all, and never for a moment readable by others."""
    partial = file.with_suffix(".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=mode)
    partial.write_bytes(data)
    partial.replace(file)
