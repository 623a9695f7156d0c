"""Pieces of a bundle on their way in, kept until all of them are here: a cut bundle goes on where it ended."""

import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bongsu.records.carry.container import Part, pieces_of
from bongsu.records.carry.manifest import Manifest, Member


@dataclass(frozen=True)
class Staging:
    """A folder for one bundle.

    Args:
        folder: named by the bundle's digest.
        manifest: the bundle's.
        wanted: the members that may be kept here.
    """

    folder: Path
    manifest: Manifest
    wanted: Collection[str]

    def take(self, part: Part) -> None:
        """Keep the pieces that are whole in a part; those that are here already stay."""
        self.folder.mkdir(parents=True, exist_ok=True)
        pieces = {piece for member in self._members() for piece in member.pieces}
        for sha256, data in part.pieces():
            if sha256 in pieces and not (self.folder / sha256).exists():
                _keep(self.folder / sha256, data)

    def missing(self) -> tuple[str, ...]:
        """The members of which pieces are not here."""
        return tuple(
            member.sha256
            for member in self._members()
            if not all((self.folder / piece).exists() for piece in member.pieces)
        )

    def file(self, sha256: str) -> Path:
        """A member put together from its pieces; the raw archive holds it against its hash once more."""
        member = next(one for one in self._members() if one.sha256 == sha256)
        if len(member.pieces) == 1:
            return self.folder / member.pieces[0]
        whole, partial = self.folder / f"{sha256}.whole", self.folder / f"{sha256}.part"
        if not whole.exists():
            with partial.open("wb") as file:
                for piece in self._bytes_of(member):
                    file.write(piece)
            partial.replace(whole)
        return whole

    def drop(self) -> None:
        """All of it has landed."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _members(self) -> Iterator[Member]:
        return (member for member in self.manifest.members if member.sha256 in self.wanted)

    def _bytes_of(self, member: Member) -> Iterator[bytes]:
        for piece in member.pieces:
            yield from pieces_of(self.folder / piece)


def _keep(target: Path, data: bytes) -> None:
    partial = target.with_suffix(".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
