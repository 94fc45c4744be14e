"""docs/reliability.md names files, identifiers and tests: they are there, under these names."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"
ROWS = 23


def rows_after(heading):
    """The cells of each row of the first table behind a heading."""
    text = PAGE.read_text().split(heading + "\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE).group()
    return [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in table.splitlines()[2:]]


def all_text(pattern):
    return "\n".join(path.read_text() for path in sorted((ROOT / "tests").glob(pattern)))


class ReliabilityPageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cases = re.sub(r'"\s*"', "", all_text("**/*_test.cpp"))
        cls.python = all_text("**/*.py")

    def check_tests(self, cell):
        names = re.findall(r'"([^"]+)"', cell) + re.findall(r"`([^`]+)`", cell)
        self.assertTrue(names, cell)
        for name in re.findall(r'"([^"]+)"', cell):
            self.assertTrue(f'"{name}"' in self.cases, f"no test is called {name}")
        for name in re.findall(r"`([^`]+)`", cell):
            if name.startswith("fuzz-corpus."):
                self.assertTrue((ROOT / "tests/fuzz/targets" / (name.split(".")[1] + ".cpp")).is_file(), name)
            elif name.startswith("test_"):
                self.assertTrue(f"def {name}(self" in self.python, f"no test is called {name}")
            elif name.endswith(".txt"):
                self.assertTrue((ROOT / "tests/script" / name).is_file(), name)
            else:
                self.assertTrue((ROOT / name).is_file(), name)

    def check_places(self, cell):
        """Files, and after each the identifiers in it."""
        text = None
        for name in re.findall(r"`([^`]+)`", cell):
            if "/" in name:
                self.assertTrue((ROOT / name).is_file(), name)
                text = (ROOT / name).read_text()
            else:
                self.assertTrue(re.search(rf"\b{name}\b", text), f"{name} is not there")
        self.assertIsNotNone(text, cell)

    def test_each_fault_of_the_family_has_a_rule_and_a_test(self):
        rows = rows_after("## What this family got wrong, and our answer")
        self.assertEqual([row[0] for row in rows], [str(number) for number in range(1, ROWS + 1)])
        for number, _, _, places, tests in rows:
            with self.subTest(row=number):
                self.check_places(places)
                self.check_tests(tests)

    def test_each_failure_of_the_system_has_a_test(self):
        for what, _, tests in rows_after("### When the system fails"):
            with self.subTest(row=what):
                self.check_tests(tests)


if __name__ == "__main__":
    unittest.main()
