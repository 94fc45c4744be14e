#!/usr/bin/env python3
"""The rules of the house as a test: tidy.py ROOT ENGINE_LIBRARY

Fails on an include that goes against the layers (docs/architecture.md), a package or system header outside
the folders that may know it, a name that says nothing (manager, util, helper, misc, impl), a file that
clang-format would change, and a symbol that the engine must not need: clocks, entropy, sockets, files,
libuv. Prints, without failing, files and functions that are longer than they should be.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ENGINE_SIDE = ["public", "base", "coordinate", "wire", "members"]
ALLOWED = {
    "public": {"public"},
    "base": {"public", "base"},
    "metrics": {"public", "base", "metrics"},
    "coordinate": {"public", "base", "coordinate"},
    "wire": {"public", "base", "coordinate", "wire"},
    "members": set(ENGINE_SIDE),
    "swim": {*ENGINE_SIDE, "swim"},
    "cluster": {*ENGINE_SIDE, "cluster"},
    "engine": {*ENGINE_SIDE, "swim", "cluster", "engine"},
    "runtime": {*ENGINE_SIDE, "swim", "cluster", "engine", "runtime"},
    "capi": {"public", "capi"},
    "rpc": {"public", "base", "metrics", "rpc"},
    "config": {"public", "base", "config"},
    "cli": {"public", "base", "metrics", "rpc", "cli"},
    "packaging": {"public", "base", "config", "cli", "generate"},
    "agent": {*ENGINE_SIDE, "metrics", "swim", "cluster", "engine", "runtime", "rpc", "config", "agent"},
}
# Which folders may include what; anything of C++'s own library is free.
PACKAGES = [
    (re.compile(r"uv\.h|uv/"), {"runtime", "agent"}),
    (re.compile(r"toml\+\+/"), {"config"}),
    (re.compile(r"CLI/"), {"config", "cli"}),
    (re.compile(r"nlohmann/"), {"config", "cli"}),
    (re.compile(r"spdlog/|fmt/"), {"agent"}),
    (re.compile(r"msgpack"), {"base"}),
    (re.compile(r"nettle/"), {"base", "wire", "agent"}),
    (re.compile(r"arpa/inet\.h"), {"base", "runtime", "agent", "cli"}),  # addresses as text
    (re.compile(r"re2/"), {"base", "cluster", "cli", "agent"}),
    (re.compile(r"(sys|net|netinet)/|(unistd|fcntl|poll|netdb|ifaddrs|pwd|grp|dirent|termios|malloc)\.h"),
     {"runtime", "agent", "config", "cli"}),
]
BANNED = {"manager", "managers", "util", "utils", "utility", "utilities", "misc", "impl"}
# SWIM has helpers, peers that probe for another; a file or type of that name has not found its idea.
BANNED_FILES_AND_TYPES = {*BANNED, "helper", "helpers"}
MAX_SOURCE_LINES, MAX_HEADER_LINES, MAX_FUNCTION_LINES = 400, 200, 70

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
IDENTIFIER = re.compile(r"\b[A-Za-z_]\w*\b")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

FORBIDDEN_SYMBOL = re.compile(
    r"^(time|clock|clock_gettime|gettimeofday|localtime(_r)?|gmtime(_r)?|nanosleep|usleep|sleep"
    r"|getrandom|getentropy|rand|rand_r|random|srand|arc4random\w*"
    r"|socket|bind|connect|listen|accept4?|send|sendto|sendm?msg|recv|recvfrom|recvm?msg|getaddrinfo|poll|epoll_\w+"
    r"|open(at)?(64)?|fopen(64)?|read|pread|unlink|rename|stat|getenv|pthread_create|uv_\w+"
    r"|_ZNSt6chrono3_V21\d(steady|system)_clock3nowEv|_ZNSt13random_device\w*|_ZNSt6thread\w*)$")


def layer_of(path):
    """The layer of a file of the tree, None for what has none (tests)."""
    parts = path.parts
    if parts[0] == "core":
        return "public" if parts[1] == "include" else parts[1]
    return parts[0] if parts[0] in ALLOWED else None


def layer_of_include(name, own):
    first = name.split("/")[0]
    if first in ("gossip", "generate"):
        return "public" if first == "gossip" else "generate"
    return first if "/" in name and first in ALLOWED else own


def check_includes(path, text):
    own = layer_of(path)
    if own is None:
        return
    if own not in ALLOWED:
        yield f"{path}: folder {own} is in no layer"
        return
    for match in INCLUDE.finditer(text):
        name = match.group(2)
        line = text.count("\n", 0, match.start(2)) + 1
        if match.group(1) == '"':
            layer = layer_of_include(name, own)
            if layer not in ALLOWED[own]:
                yield f"{path}:{line}: {own} must not include {layer} ({name})"
            continue
        for pattern, folders in PACKAGES:
            if pattern.match(name) and own not in folders:
                yield f"{path}:{line}: {own} must not include <{name}>, only {', '.join(sorted(folders))} may"


def words_of(identifier):
    return [word.lower() for word in WORD.findall(identifier)]


def check_names(path, text):
    for part in path.parts:
        for word in words_of(part.split(".")[0]):
            if word in BANNED_FILES_AND_TYPES:
                yield f"{path}: \"{word}\" in a name says nothing"
    # Includes name other people's files; comments and texts may say what they like.
    code = NO_CODE.sub(lambda match: "\n" * match.group().count("\n"), INCLUDE.sub("", text))
    seen = set()
    for number, line in enumerate(code.split("\n"), 1):
        for identifier in IDENTIFIER.findall(line):
            words = BANNED_FILES_AND_TYPES if identifier[0].isupper() else BANNED
            banned = words.intersection(words_of(identifier))
            if banned and identifier not in seen:
                seen.add(identifier)
                yield f"{path}:{number}: \"{banned.pop()}\" in {identifier} says nothing"


def long_parts(path, text):
    """What should be split where an idea ends. Functions by their braces, which the format puts at the margin."""
    lines = text.split("\n")
    limit = MAX_HEADER_LINES if path.suffix == ".h" else MAX_SOURCE_LINES
    if len(lines) - 1 > limit:
        yield f"{path}: {len(lines) - 1} lines (limit {limit})"
    begin = None
    for number, line in enumerate(lines, 1):
        if line[:1] not in ("", " ", "}", "/", "#") and line.endswith("{"):
            no_function = re.match(r"(namespace|struct|class|enum|union|extern)\b", line) or line.endswith("= {")
            begin = None if no_function else number
        elif line.startswith("}") and begin is not None:
            if number - begin + 1 > MAX_FUNCTION_LINES:
                yield f"{path}:{begin}: a function of {number - begin + 1} lines (limit {MAX_FUNCTION_LINES})"
            begin = None


def forbidden_symbols(nm_output):
    """What `nm` of a library says is used and must not be; versions (time@GLIBC_2.2.5) do not matter."""
    defined, used = set(), set()
    for line in nm_output.split("\n"):
        fields = line.split()
        if len(fields) == 2 and fields[0] == "U":
            used.add(fields[1].split("@")[0])
        elif len(fields) == 3 and fields[1] in "TtWwVvDdBbRr":
            defined.add(fields[2])
    return sorted(name for name in used - defined if FORBIDDEN_SYMBOL.match(name))


def check_symbols(library):
    output = subprocess.run(["nm", library], capture_output=True, text=True, check=True).stdout
    if " U " not in output:
        yield f"{library}: nm shows no symbols, nothing was checked"
    for name in forbidden_symbols(output):
        yield f"{library}: the engine must not need {name}"


def check_format(root, paths):
    program = shutil.which("clang-format-14")
    if program is None:
        print("clang-format-14 is not installed: format not checked")
        return
    done = subprocess.run([program, "--dry-run", "--ferror-limit=1", *map(str, paths)], cwd=root,
                          capture_output=True, text=True)
    for line in done.stderr.split("\n"):
        if "[-Wclang-format-violations]" in line:
            yield line.split(": ")[0] + ": clang-format-14 -i would change this file"


def sources(root):
    for folder in ("core", "config", "agent", "cli", "packaging", "tests", "docs"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp") and path.is_file():
                yield path.relative_to(root)


def main(root, library):
    problems, remarks, paths = [], [], list(sources(root))
    if not paths:
        problems.append(f"{root}: no sources")
    for path in paths:
        text = (root / path).read_text(errors="replace")
        problems += [*check_includes(path, text), *check_names(path, text)]
        remarks += long_parts(path, text)
    problems += [*check_format(root, paths), *check_symbols(library)]
    for remark in remarks:
        print(f"long: {remark}")
    for problem in problems:
        print(problem)
    print(f"{len(paths)} files, {len(remarks)} remarks, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
