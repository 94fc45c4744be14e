"""What the pages of docs/ point at and quote is there: files, headings, pieces of examples, messages of the programs."""

import re
import textwrap
import unittest

from pages import DOCS, EXCERPTS, LANGUAGES, ROOT, Page, anchor_of, pages

SOURCES = ("agent", "cli", "config", "core")


def all_pages():
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def headings_of(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {anchor_of(heading) for heading in re.findall(r"^#+ +(.+)$", text, re.MULTILINE)}


def texts_of_sources():
    """Every string literal of the programs, neighbours joined, escapes undone."""
    literal = r'"((?:\\.|[^"\\\n])*)"'
    texts = []
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".cpp", ".h"):
                joined = re.sub(r'(?<=[^R\\])"\s*\n\s*"', "", path.read_text())
                texts += re.findall(literal, joined) + re.findall(r'R"\((.*?)\)"', joined)
    return "\n".join(text.replace('\\"', '"').replace("\\t", "\t").replace("\\n", "\n") for text in texts)


class LinkTest(unittest.TestCase):
    def test_each_leads_somewhere(self):
        for page in all_pages():
            text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if "://" in target:
                    continue
                with self.subTest(page=page.name, target=target):
                    path, _, anchor = target.partition("#")
                    file = (page.parent / path) if path else page
                    self.assertTrue(file.exists())
                    if anchor:
                        self.assertIn(anchor, headings_of(file))

    def test_the_readme_leads_to_every_page(self):
        named = set(re.findall(r"\]\(docs/([\w-]+\.md)\)", (ROOT / "README.md").read_text()))
        self.assertEqual({path.name for path in DOCS.glob("*.md")} - named, set())


class FigureTest(unittest.TestCase):
    def test_sizes_are_those_that_were_measured(self):
        section = Page("operations").text.split("## Sizing")[1].split("Everything that could grow")[0]
        figures = re.findall(r"\| ([\d.]+ \S+) \|$", section, re.MULTILINE)
        self.assertEqual(len(figures), 5)
        measured = (DOCS / "performance.md").read_text()
        self.assertEqual([figure for figure in figures if f"| {figure} |" not in measured], [])


class BlockTest(unittest.TestCase):
    def test_each_has_a_language_that_says_what_becomes_of_it(self):
        for page in pages():
            for block in page.blocks:
                with self.subTest(block=str(block)):
                    self.assertIn(block.language, LANGUAGES)

    def test_excerpts_stand_in_the_examples(self):
        files = [ROOT / "Dockerfile", *(path for path in (DOCS / "examples").rglob("*") if path.is_file())]
        self.examples = [[line.strip() for line in path.read_text().splitlines()] for path in files]
        for page in pages():
            for block in page.blocks:
                if block.language in EXCERPTS:
                    with self.subTest(block=str(block)):
                        self.check_excerpt(block)

    def check_excerpt(self, block):
        """Each stretch between "…" stands in one file, in this order, line for line but for its margin."""
        stretches = [stretch.strip("\n") for stretch in re.split(r"^\s*(?:(?://|#|/\*) )?…(?: \*/)?\n", block.text, flags=re.MULTILINE)]
        wanted = [[line.strip() for line in textwrap.dedent(stretch).splitlines()] for stretch in stretches if stretch]
        self.assertTrue(any(self.stand_in(wanted, lines) for lines in self.examples), "no example has these lines")

    @staticmethod
    def stand_in(stretches, lines):
        at = 0
        for stretch in stretches:
            starts = range(at, len(lines) - len(stretch) + 1)
            found = next((start for start in starts if lines[start:start + len(stretch)] == stretch), None)
            if found is None:
                return False
            at = found + len(stretch)
        return True


class MessageTest(unittest.TestCase):
    """The tables of docs/operations.md whose first column is "message": "…" stands for what differs each time."""

    def test_each_message_is_one_of_the_programs(self):
        texts = texts_of_sources()
        quoted = []
        for table in re.findall(r"^\| message \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)", Page("operations").prose, re.MULTILINE):
            for row in table.splitlines():
                first = re.split(r"(?<!\\)\|", row)[1]
                quoted += re.findall(r"(`+)(.+?)\1", first)
        self.assertGreater(len(quoted), 100)
        for _, message in quoted:
            for part in message.replace("\\|", "|").split("…"):
                if len(part.strip(" :'\"(),.;/")) > 2:
                    with self.subTest(message=message):
                        self.assertTrue(part.strip(" :") in texts, f'no text of the programs has "{part}"')


if __name__ == "__main__":
    unittest.main()
