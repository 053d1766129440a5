"""Writes the manifest of a release into its folder: a line with the version, then a line with the SHA-256 of
each file.

`make release` signs the manifest.
"""

import hashlib
import sys
from pathlib import Path


def write(dist: Path) -> Path:
    (package,) = dist.glob("helpline_*_amd64.deb")
    version = package.name.split("_")[1]
    files = sorted(path for path in dist.iterdir() if path.suffix in {".deb", ".whl", ".txt", ".json"})
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    manifest = dist / f"helpline_{version}.manifest"
    manifest.write_text("\n".join([f"# helpline {version}", *rows]) + "\n")
    return manifest


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]))}\n")
