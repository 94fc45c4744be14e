"""The programs as a package installs them are no larger than this: a dependency that brings half a megabyte along is
noticed when it comes. Figures are bytes of the stripped file, with some room for other compilers."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

LIMITS = {"gossipd": 2_500_000, "gossipctl": 1_150_000}
PROGRAMS = [pathlib.Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]


class Size(unittest.TestCase):
    def test_stripped_programs_stay_small(self):
        for program in PROGRAMS:
            with self.subTest(program.name), tempfile.TemporaryDirectory() as folder:
                stripped = os.path.join(folder, program.name)
                subprocess.run(["strip", "-o", stripped, program], check=True)
                self.assertLessEqual(os.path.getsize(stripped), LIMITS[program.name])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + [argument for argument in sys.argv[1:] if argument.startswith("-")])
