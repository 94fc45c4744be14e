"""The Debian packages of this build, made once for all tests of a file."""

import pathlib
import subprocess
import tempfile

from installed import BUILD

_folder = None


def packages():
    """Package name → path of its file."""
    global _folder
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="gossip-packages-")
        done = subprocess.run(["cpack", "--config", str(BUILD / "CPackConfig.cmake"), "-B", _folder.name],
                              capture_output=True, text=True, timeout=300)
        if done.returncode != 0 or "Warning" in done.stderr:
            raise AssertionError(done.stdout + done.stderr)
    found = {path.name.split("_")[0]: path for path in pathlib.Path(_folder.name).glob("*.deb")}
    if sorted(found) != ["gossipctl", "gossipd", "libgossip-dev", "libgossip0"]:
        raise AssertionError(f"cpack has made {sorted(found)}")
    return found
