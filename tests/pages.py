"""The pages of docs/ as tests see them: prose, and fenced blocks that say by their language what becomes of them.

sh          runs in a test: all of a page in one shell, in order (tests/e2e/test_docs.py)
text        what the sh block above it prints; "…" stands for anything
console     cannot run in a test (root, systemd, docker …); lines with a prompt, "$ " or "# ", are commands
toml        gossipd --check-config takes it
ini         a part of a systemd unit
json        parses
cpp c python cmake dockerfile yaml   stand word for word in a file of docs/examples; "…" alone on a line, or in a
            comment, leaves something out
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
NAMES = ("tutorial", "from-serf", "operations", "security", "containers", "embedding", "reference")
EXCERPTS = ("cpp", "c", "python", "cmake", "dockerfile", "yaml")
LANGUAGES = {"sh", "text", "console", "toml", "ini", "json", *EXCERPTS}


class Block:
    def __init__(self, page, line, language, text):
        self.page, self.line, self.language, self.text = page, line, language, text

    def __str__(self):
        return f"docs/{self.page}.md:{self.line} ({self.language})"

    def commands(self):
        """Of a console block: what stands behind the prompts, continued lines joined."""
        joined = re.sub(r"\\\n\s*", "", self.text)
        return [line[2:] for line in joined.splitlines() if line.startswith(("$ ", "# "))]


class Page:
    def __init__(self, name):
        self.name = name
        self.text = (DOCS / f"{name}.md").read_text()
        self.blocks = []
        self.prose = ""
        begun = None
        for number, line in enumerate(self.text.splitlines(), 1):
            if begun is None and line.startswith("```"):
                begun = Block(name, number, line[3:].strip(), "")
            elif line.rstrip() == "```":
                self.blocks.append(begun)
                begun = None
            elif begun is not None:
                begun.text += line + "\n"
            else:
                self.prose += line + "\n"
        if begun is not None:
            raise ValueError(f"{begun}: the fence is not closed")

    def in_language(self, language):
        return [block for block in self.blocks if block.language == language]


def pages():
    """Those that are there."""
    return [Page(name) for name in NAMES if (DOCS / f"{name}.md").exists()]


def anchor_of(heading):
    """As GitHub makes it."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
