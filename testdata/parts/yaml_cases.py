#!/usr/bin/env python3
"""Writes mappings of invented texts as PyYAML 6.0 writes them, in every style, into `yaml.jsonl`: the YAML and what it holds.

Run it where it lies; the same seed gives the same file.
"""

import json
import pathlib
import random

import yaml

WORDS = [
    "", "a", "OpenSSL", "1.1.1k", "true", "123", "null", "~", "- x", "key: value", "a: b: c", "# no comment", "a # b", "it's",
    'say "yes"', "'", '"', "\\n", "部品表", "富士山 # 頂上", "http://spdx.org/x#y", "Organization: Red Hat ()", " leading",
    "trailing ", "two\nlines", "a\n\nparagraph\n", "\n\nfirst empty", "  indented\n    more\nless", "tab\tinside", "\t", "&anchor",
    "*alias", "!tag", "%x", "@at", "`tick`", "[a, b]", "{a: b}", "a, b", "?", "? x", "-", "--", "---", ":", "x:", "|", ">", "=",
    "é\u0085\u2028x", "\u0007bell", "long " * 30, ("line of words " * 12).strip() + "\n\n" + "more words " * 12, "x" * 120,
    "# only\n# comments", "a\n  b\n c\n", "ends with\n\n\n",
]
STYLES = [
    dict(),
    dict(width=40),
    dict(default_style='"'),
    dict(default_style='"', width=30),
    dict(default_style="'"),
    dict(default_style="'", width=30),
    dict(default_style="|"),
    dict(default_style=">", width=30),
    dict(default_flow_style=None, width=60),
    dict(indent=4, allow_unicode=True),
    dict(explicit_start=True, allow_unicode=True),
]


class Indented(yaml.SafeDumper):
    """Indents sequences below their key, as other tools do."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def value(rng, depth):
    kind = rng.random()
    if depth > 3 or kind < 0.6:
        return rng.choice(WORDS)
    if kind < 0.8:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(["a", "b c", "SPDXID", "部品", "it's", "x:y", "# k"]): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def main():
    rng = random.Random(20261122)
    lines = []
    number = 0
    while len(lines) < 240:
        number += 1
        data = {f"k{at}": value(rng, 0) for at in range(1, 6)}
        style = STYLES[number % len(STYLES)]
        dumper = Indented if number % 3 == 0 else yaml.SafeDumper
        text = yaml.dump(data, Dumper=dumper, sort_keys=False, **style)
        # A document in braces is taken for JSON.
        if text.startswith("{"):
            continue
        # PyYAML cannot read all that it writes.
        try:
            if yaml.safe_load(text) != data:
                continue
        except yaml.YAMLError:
            continue
        lines.append(json.dumps({"yaml": text, "holds": data}, ensure_ascii=False))
    (pathlib.Path(__file__).parent / "yaml.jsonl").write_text("\n".join(lines) + "\n")


main()
