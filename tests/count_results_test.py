"""Tests of count_results.py."""
import unittest
import xml.etree.ElementTree as ElementTree

import count_results


def testcase(status, output="", inner=""):
    return ElementTree.fromstring(
        f'<testcase name="x" status="{status}">{inner}<system-out>{output}</system-out></testcase>')


class CountTest(unittest.TestCase):
    def test_doctest_counts_by_case(self):
        line = "[doctest] test cases:  12 |  10 passed | 2 failed | 1 skipped"
        self.assertEqual(count_results.count_test(testcase("fail", line)), (10, 2, 1))

    def test_unittest_counts_by_case(self):
        output = "Ran 7 tests in 0.123s\n\nFAILED (failures=1, errors=2, skipped=1)"
        self.assertEqual(count_results.count_test(testcase("fail", output)), (3, 3, 1))
        output = "Ran 7 tests in 0.123s\n\nOK"
        self.assertEqual(count_results.count_test(testcase("run", output)), (7, 0, 0))

    def test_any_other_program_counts_as_one(self):
        self.assertEqual(count_results.count_test(testcase("run", "fine")), (1, 0, 0))
        self.assertEqual(count_results.count_test(testcase("fail", "")), (0, 1, 0))

    def test_a_crash_after_passing_cases_is_a_failure(self):
        line = "[doctest] test cases:  3 | 3 passed | 0 failed | 0 skipped"
        self.assertEqual(count_results.count_test(testcase("fail", line)), (3, 1, 0))

    def test_a_program_that_is_missing_is_a_failure(self):
        inner = '<skipped message="Unable to find executable"/>'
        self.assertEqual(count_results.count_test(testcase("notrun", inner=inner)), (0, 1, 0))
        inner = '<skipped message="SKIP_RETURN_CODE=77"/>'
        self.assertEqual(count_results.count_test(testcase("notrun", inner=inner)), (0, 0, 1))


if __name__ == "__main__":
    unittest.main()
