#!/usr/bin/env python3
"""Adds up what ctest's JUnit files say: count_results.py FOLDER [BROKEN_STEP...]

A doctest program or a Python unittest counts with each of its cases, any other test as one. A test that
failed without saying how often counts as one failure. Prints what failed, what was skipped, and as the last
line "N passed, N failed"; exits with 1 if something failed or nothing passed.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

DOCTEST = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in [\d.]+s$", re.MULTILINE)
DETAIL = re.compile(r"^(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def cases_of(output):
    """(passed, failed, skipped) as the program's own output has it, or None."""
    doctest = DOCTEST.findall(output)
    if doctest:
        return tuple(sum(int(run[i]) for run in doctest) for i in range(3))
    ran = UNITTEST.search(output)
    if not ran:
        return None
    verdict = DETAIL.search(output, ran.end())
    details = dict(re.findall(r"([a-z ]+)=(\d+)", (verdict and verdict.group(1)) or ""))
    count = {key.strip(): int(value) for key, value in details.items()}
    failed = count.get("failures", 0) + count.get("errors", 0) + count.get("unexpected successes", 0)
    skipped = count.get("skipped", 0)
    return int(ran.group(1)) - failed - skipped, failed, skipped


def count_test(test):
    """(passed, failed, skipped) of one <testcase>."""
    status = test.get("status")
    if status in ("notrun", "disabled"):
        missing = test.find("skipped")
        asked_for = status == "disabled" or (missing is not None and "SKIP" in missing.get("message", ""))
        return (0, 0, 1) if asked_for else (0, 1, 0)
    output = COLOUR.sub("", test.findtext("system-out") or "")
    passed, failed, skipped = cases_of(output) or ((0, 0, 0) if status == "fail" else (1, 0, 0))
    if status == "fail" and failed == 0:
        failed = 1
    return passed, failed, skipped


def main(folder, broken):
    passed, failed, skipped = 0, len(broken), 0
    for name in broken:
        print(f"FAILED step: {name}")
    for file in sorted(pathlib.Path(folder).glob("*.xml")):
        for test in ElementTree.parse(file).getroot().iter("testcase"):
            ok, bad, left_out = count_test(test)
            passed, failed, skipped = passed + ok, failed + bad, skipped + left_out
            if bad:
                print(f"FAILED {file.stem}: {test.get('name')} ({bad})")
            if left_out:
                print(f"skipped {file.stem}: {test.get('name')} ({left_out})")
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
