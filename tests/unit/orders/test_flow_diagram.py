"""Drawings of flows: right syntax, whatever names and labels hold (OR2)."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.diagram import to_dot, to_mermaid
from ordercore.orders.flow import Flow, State, Transition
from ordercore.orders.flow_check import check_flow

HOSTILE = [
    'say "paid"; a: b',
    "back\\slash \\N \\",
    "</script><b>&lt;",
    "#35; #quot; %%{init}%%",
    "direction TB",
    "[[fork]] <<join>> {x}",
    "**bold** _i_ `c` $$x$$",
    "a --> b : c",
    "état 日本 😀",
    "state x as y",
    "line\nbreak\u2028\x00",
    "ends in \\",
    '"',
]
WORDS = [
    "state",
    "Note",
    "END",
    "default",
    "as",
    "direction",
    "root_end",
    "constructor",
    "class",
    "s2",
]
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=12))

_MERMAID = re.compile(
    r"""stateDiagram-v2\n
    (\ {4}state\ "[^"\n]*"\ as\ [A-Za-z]\w*\n)*
    \ {4}\[\*\]\ -->\ [A-Za-z]\w*\n
    (\ {4}[A-Za-z]\w*\ -->\ [A-Za-z]\w*\ :\ [^:;\n]+\n)*
    (\ {4}[A-Za-z]\w*\ -->\ \[\*\]\n)*
    (\ {4}classDef\ unseen\ stroke-dasharray:\ 4\ 4\n\ {4}class\ [\w,]+\ unseen\n)?""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_DOT_STRING = r'"(?:[^"\\\n]|\\.)*"'
_DOT = re.compile(
    rf"""digraph\ {_DOT_STRING}\ \{{\n
    (\ {{4}}(rankdir=LR|(node|edge)\ \[[^\]\n]+\])\n){{3}}
    (\ {{4}}{_DOT_STRING}\ \[(shape=point,\ width=0\.15,\ )?label={_DOT_STRING}
        (,\ peripheries=2)?(,\ style="rounded,dashed")?\]\n)+
    (\ {{4}}{_DOT_STRING}\ ->\ {_DOT_STRING}(\ \[label={_DOT_STRING}\])?\n)+
    \}}\n""",
    re.VERBOSE,
)


def flow_of(names: list[str], labels: list[str]) -> Flow:
    """A flow that goes through each name in turn; verbs, guards and effects are the labels."""
    last = len(names) - 1
    texts = [labels[n % len(labels)] for n in range(len(names))]
    return Flow(
        name=labels[0],
        version=1,
        initial=names[0],
        languages=("en",),
        states=tuple(
            State(name=name, labels={"en": texts[n]}, final=n == last, hidden=n == 1)
            for n, name in enumerate(names)
        ),
        transitions=tuple(
            Transition(
                verb=texts[n],
                sources=(names[n],),
                target=names[n + 1],
                guards=(texts[n + 1],),
                effects=(texts[n],),
            )
            for n in range(last)
        ),
    )


def read(mermaid: str) -> str:
    """Undo Mermaid's entities."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), mermaid)


def unquote(dot: str) -> str:
    """Read a DOT string as Graphviz does, backslash escapes first, then entities."""
    return html.unescape(re.sub(r"\\(.)", r"\1", dot[1:-1]))


def test_default_flow_in_mermaid() -> None:
    """The default flow is drawn from its definition, state by state and edge by edge."""
    assert to_mermaid(DEFAULT_FLOW, language="fr") == (
        "stateDiagram-v2\n"
        '    state "En attente de paiement" as awaiting_payment\n'
        '    state "Payée" as paid\n'
        '    state "Emballée" as packed\n'
        '    state "En cours de livraison" as shipped\n'
        '    state "Livrée" as delivered\n'
        '    state "Annulée" as cancelled\n'
        "    [*] --> awaiting_payment\n"
        "    awaiting_payment --> paid : pay [paid_in_full]\n"
        "    paid --> packed : pack [paid_in_full]\n"
        "    packed --> shipped : ship [has_parcel]\n"
        "    shipped --> delivered : deliver / start_lifecycle\n"
        "    awaiting_payment --> cancelled : cancel / restock\n"
        "    paid --> cancelled : cancel / restock\n"
        "    packed --> cancelled : cancel / restock\n"
        "    delivered --> [*]\n"
        "    cancelled --> [*]\n"
    )


def test_drawings_without_a_language_show_stored_names() -> None:
    """A developer's drawing has names, no labels."""
    assert 'state "' not in to_mermaid(DEFAULT_FLOW)
    assert '"paid" [label="paid"]' in to_dot(DEFAULT_FLOW)
    assert '"delivered" [label="Delivered", peripheries=2]' in to_dot(DEFAULT_FLOW, language="de")


def test_hidden_states_are_dashed() -> None:
    """A state that the customer does not see stands out, and shows its own label."""
    flow = flow_of(["new", "suspect", "closed"], ["New", "Suspect", "Closed"])
    assert to_mermaid(flow).endswith("class suspect unseen\n")
    assert '"suspect" [label="Suspect", style="rounded,dashed"]' in to_dot(flow, language="en")


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("paid_in_full (1/2), o'clock", "paid_in_full (1/2), o'clock"),
        ("état 日本", "état 日本"),
        ('a "b": c;', "a #34;b#34;#58; c#59;"),
        ("_i_ **b**", "#95;i#95; #42;#42;b#42;#42;"),
        ("#35; #quot;", "#35;35#59; #35;quot#59;"),
        ("[[fork]]", "#91;#91;fork#93;#93;"),
        ("<<join>>", "#60;#60;join#62;#62;"),
        ("Direction LR", "Directio#110; LR"),
    ],
)
def test_mermaid_text_is_spelled_with_entities(text: str, spelled: str) -> None:
    """What Mermaid could take for syntax or markup stands there as a character code."""
    drawn = to_mermaid(flow_of(["s1", "s2"], [text]), language="en")
    assert f'state "{spelled}" as s1\n' in drawn
    assert f"s1 --> s2 : {spelled} [{spelled}] / {spelled}\n" in drawn


@pytest.mark.parametrize("word", WORDS)
def test_words_of_mermaid_are_no_identifiers(word: str) -> None:
    """A state called like a keyword gets a number, not taken by another, and keeps its caption."""
    text = to_mermaid(flow_of(["s1", word, "s3"], ["x"]))
    found = re.search(r"s1 --> (\w+) :", text)
    assert found is not None
    if word == "s2":
        assert found[1] == "s2"
    else:
        assert found[1] == "s2"
        assert re.search(rf'state "{word[:8]}.*" as s2\n', text)
    assert len(set(re.findall(r"(\w+) :", text))) == 2


def test_numbers_given_to_states_are_free() -> None:
    """A state already called `s2` does not become one with the second, nameless one."""
    text = to_mermaid(flow_of(["s2", "Being processed", "s2_", "s3"], ["x"]))
    assert 'state "Being processed" as s2__\n' in text
    assert "s2 --> s2__ :" in text


@pytest.mark.parametrize("language", [None, "en"])
@given(
    names=st.lists(TEXTS | st.sampled_from(WORDS), min_size=2, max_size=5, unique=True),
    labels=st.lists(TEXTS, min_size=1, max_size=5),
)
def test_nothing_becomes_syntax(language: str | None, names: list[str], labels: list[str]) -> None:
    """Names and labels of any kind leave both drawings well formed, and can be read back."""
    flow = flow_of(names, labels)
    mermaid, dot = to_mermaid(flow, language=language), to_dot(flow, language=language)
    assert _MERMAID.fullmatch(re.sub(r"#\d+;", "", mermaid))
    assert not re.search(r"direction\s+(TB|BT|RL|LR)", mermaid, re.IGNORECASE)
    assert _DOT.fullmatch(dot)
    wanted = [state.labels["en"] if language else state.name for state in flow.states]
    shown = dict(re.findall(r'state "(.*)" as (\w+)\n', mermaid))
    assert {read(text) for text in shown} >= {text for text in wanted if not text.isidentifier()}
    labelled = re.findall(rf"^ {{4}}{_DOT_STRING} \[label=({_DOT_STRING})", dot, re.MULTILINE)
    printed = ["".join(c if c.isprintable() else " " for c in text) for text in wanted]
    assert [unquote(text) for text in labelled] == printed


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_shows_every_label() -> None:
    """Graphviz draws hostile labels and verbs as they are."""
    texts = [text for text in HOSTILE if text.isprintable()]
    flow = flow_of([f"{text}." for text in texts], texts)
    assert {fault.code for fault in check_flow(flow)} == {"unknown_guard", "unknown_effect"}
    drawn = subprocess.run(
        ["dot", "-Tsvg"],
        input=to_dot(flow, language="en").encode(),
        capture_output=True,
        check=True,
    )
    texts_drawn = re.findall(r"<text[^>]*>(.*)</text>", drawn.stdout.decode())
    plain = {html.unescape(text).replace("\N{NO-BREAK SPACE}", " ") for text in texts_drawn}
    assert {*texts} <= plain
    assert {f"{a} [{b}] / {a}" for a, b in pairwise(texts)} <= plain
    assert drawn.stderr == b""
