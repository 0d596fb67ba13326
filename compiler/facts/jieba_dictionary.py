"""jieba's tagger over a dictionary of which a text loads only the words that may stand in it.

jieba reads 350,000 words with their frequencies, their tags, and the tables of its model of unknown words, before it
cuts the first clause: more than a second, where a report has a few dozen clauses to cut. Here all of it is kept in one
file of this user's cache folder, parted by the first two characters of a word. Before a text is cut, jieba's own tables
are filled with the parts that the text can ask for; what cuts it is jieba, unchanged. The file is found by what it was
made of, bears its own hash, and may be deleted at any time.
"""

from __future__ import annotations

import array
import hashlib
import importlib.util
import io
import logging
import marshal
import sys
from collections import defaultdict
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from compiler.facts.store import room_for, write_whole
from compiler.files import private_folder
from compiler.garbage_collection import no_collection
from compiler.processes import in_processes

_PARTS: Final = 1 << 18
"""So many parts has a file, of which a text asks for some hundreds: there are 190,000 beginnings of words."""

_LARGE: Final = ("prob_emit", "char_state_tab")
"""The modules of jieba's tagger that hold something about each character."""

_OWN_NAME: Final = "jieba.posseg_in_parts"

_State = tuple[str, str]
"""Where in a word a character stands, and the tag of the word."""

_OFFSET: Final = array.array("I").itemsize

_MOST_RUNS: Final = 16_384
"""So many runs of characters that no word claims are remembered with the way through them."""

_DIGEST: Final = hashlib.sha256().digest_size


def _part_of(start: str) -> int:
    """Return the number of the part that holds the words with this beginning of two characters, or this character."""
    return (ord(start[0]) * 40_503 + (ord(start[1]) if len(start) > 1 else 0)) % _PARTS


class Dictionary:
    """jieba's tagger, its tables filled from the parts of ``data`` as texts come.

    What is there is marked as known only when it is there, and nothing is taken away again: threads may share it.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._data = memoryview(data)
        self._offsets = self._data[: (_PARTS + 2) * _OFFSET].cast("I")
        total, self._states = self._part(_PARTS)
        module = _tagger_module()
        self._tagger, tokenizer = module.dt, module.dt.tokenizer
        tokenizer.FREQ, tokenizer.total, tokenizer.initialized = {}, total, True
        module.emit_P = {state: {} for state in self._states}
        module.viterbi = self._learning(module.viterbi)
        self._frequencies: dict[str, int] = tokenizer.FREQ
        self._tags: dict[str, str] = self._tagger.word_tag_tab
        self._states_of: dict[str, tuple[_State, ...]] = module.char_state_tab_P
        self._emitted: list[dict[str, float]] = list(module.emit_P.values())
        self._characters: dict[str, tuple[bytes, ...]] = {}
        self._known: set[str] = set()
        self._learned: set[str] = set()

    def cut(self, text: str) -> list[tuple[str, str]]:
        """Return the words of a text with their tags."""
        # jieba asks for words of the text: each begins with one of its characters, or with two.
        fresh = {*text, *map(str.__add__, text, text[1:])} - self._known
        for number in {_part_of(start) for start in fresh}:
            if self._offsets[number] < self._offsets[number + 1]:
                self._take(*self._part(number))
        self._known |= fresh
        return [(word.word, word.flag) for word in self._tagger.cut(text)]

    def _take(self, words: str, frequencies: bytes, tags: str, characters: dict[str, tuple[bytes, ...]]) -> None:
        listed = words.split("\n")
        self._frequencies.update(zip(listed, memoryview(frequencies).cast("I"), strict=False))  # there may be none
        self._tags.update(zip(listed, tags.split(), strict=False))  # those without one come last
        self._characters.update(characters)

    def _learning(self, viterbi: Callable[..., Any]) -> Callable[..., Any]:
        """Return jieba's way through a run of characters that no word claims, which learns of each when it comes."""

        known: dict[str, Any] = {}

        def find(run: str, *model: Any) -> Any:
            # The same names and fragments come again and again; the model is always jieba's own.
            way = known.get(run)
            if way is not None:
                return way
            for character in {*run} - self._learned:
                states, emitting, probabilities = self._characters.get(character, (b"", b"", b""))
                if states:
                    self._states_of[character] = tuple(map(self._states.__getitem__, states))
                for state, probability in zip(emitting, memoryview(probabilities).cast("d"), strict=True):
                    self._emitted[state][character] = probability
                self._learned.add(character)
            if len(known) >= _MOST_RUNS:
                known.clear()
            way = known[run] = viterbi(run, *model)
            return way

        return find

    def _part(self, number: int) -> Any:
        return marshal.loads(self._data[self._offsets[number] : self._offsets[number + 1]])


def open_dictionary() -> Dictionary:
    """Return jieba's tagger, from the file of this user where it is good; else the file is made anew."""
    path = _place()
    kept = _read(path) if path is not None else None
    return Dictionary(kept if kept is not None else _written(path))


def is_to_be_made() -> bool:
    """Tell whether the next one to open the dictionary has to make its file."""
    path = _place()
    return path is not None and not path.is_file()


def make_file() -> None:
    """Make the file where there is none, in a process of its own: jieba's whole tables would stay in this one."""
    if is_to_be_made():
        for _ in in_processes(_write, [_place()], 1, alone=True, lost=lambda *_: None):
            pass


def _place() -> Path | None:
    folder = private_folder()
    return folder / "words" / _made_of() if folder is not None else None


def _write(path: Path | None) -> None:
    _written(path)


def _written(path: Path | None) -> bytes:
    """Return the content of the file, which is kept where there is room for it."""
    data = _parted()
    if path is not None and room_for(path, 1):
        write_whole(path, hashlib.sha256(data).digest() + data)
    return data


def _read(path: Path) -> memoryview | None:
    try:
        whole = memoryview(path.read_bytes())
    except OSError:
        return None
    digest, data = whole[:_DIGEST], whole[_DIGEST:]
    return data if hashlib.sha256(data).digest() == digest else None


def _made_of() -> str:
    """Return a fingerprint of jieba's files, of this one and of the Python whose notation the file is in."""
    digest = hashlib.sha256(f"{sys.version} {sys.byteorder} {marshal.version}".encode())
    folder = _tagger_folder()
    modules = (folder / f"{name}.py" for name in (*_LARGE, "__init__"))
    for path in (Path(__file__), folder.parent / "__init__.py", folder.parent / "dict.txt", *modules):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _parted() -> bytes:
    """Return jieba's dictionary in parts, in a notation that is read fast: where each begins, then the parts."""
    jieba = _jieba()
    with no_collection():
        frequencies, total = jieba.Tokenizer.gen_pfdict(jieba.dt.get_dict_file())
        tags = _tagger_module().POSTokenizer(jieba.dt).word_tag_tab
        words: dict[int, list[str]] = defaultdict(list)
        for word in sorted(frequencies, key=lambda one: one not in tags):  # those with tags come first
            words[_part_of(word[:2])].append(word)
        states, characters = _characters()
        offsets, parts = array.array("I"), []
        start = (_PARTS + 2) * _OFFSET
        for number in range(_PARTS):
            offsets.append(start)
            if number in words or number in characters:
                numbers = array.array("I", [frequencies[word] for word in words[number]])
                tagged = "\n".join([tags[word] for word in words[number] if word in tags])
                part = ("\n".join(words[number]), numbers.tobytes(), tagged, characters[number])
                parts.append(marshal.dumps(part))
                start += len(parts[-1])
        parts.append(marshal.dumps((total, states)))
        offsets.extend([start, start + len(parts[-1])])
        return offsets.tobytes() + b"".join(parts)


def _characters() -> tuple[tuple[_State, ...], dict[int, dict[str, tuple[bytes, ...]]]]:
    """Return the states of jieba's model of unknown words, and by part what it knows of each character.

    That is the states that it may be in, then in which states it is found, and how probably. A state is its number.
    """
    emitted, states_of = (_table(name) for name in _LARGE)
    states = tuple(emitted)
    numbers = {state: number for number, state in enumerate(states)}
    found: dict[str, list[tuple[int, float]]] = {character: [] for character in states_of}
    for state, characters in emitted.items():
        for character, probability in characters.items():
            found.setdefault(character, []).append((numbers[state], probability))
    parts: dict[int, dict[str, tuple[bytes, ...]]] = defaultdict(dict)
    for character, emissions in found.items():
        own = bytes(numbers[state] for state in states_of.get(character, ()))
        emitting = bytes(number for number, _ in emissions)
        probabilities = array.array("d", [probability for _, probability in emissions])
        parts[_part_of(character)][character] = (own, emitting, probabilities.tobytes())
    return states, parts


# --- jieba -------------------------------------------------------------------------------------


def _jieba() -> Any:
    """Return jieba, silent, and without pkg_resources: that takes longer than all the rest, and it can do without."""
    if "jieba" not in sys.modules and "pkg_resources" not in sys.modules:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
        try:
            import jieba
        finally:
            del sys.modules["pkg_resources"]
    import jieba

    jieba.setLogLevel(logging.ERROR)
    return jieba


def _tagger_folder() -> Path:
    return Path(_jieba().__file__).parent / "posseg"


def _table(name: str) -> Any:
    """Return the table of a module of jieba's tagger; the module does not stay."""
    return _loaded(importlib.util.spec_from_file_location(name, _tagger_folder() / f"{name}.py")).P


def _tagger_module() -> Any:
    """Return jieba's module of the tagger once more, by a name of our own and with nothing in its large tables.

    It reads tables and dictionary when it is imported, and knows no other way. Whoever else imports ``jieba.posseg``
    in this process gets it as it is.
    """
    jieba, folder = _jieba(), _tagger_folder()
    spec = importlib.util.spec_from_file_location(
        _OWN_NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    for name in _LARGE:
        empty: Any = ModuleType(name)
        empty.P = {}
        sys.modules[f"{_OWN_NAME}.{name}"] = empty
    own = jieba.Tokenizer()
    own.get_dict_file = io.BytesIO
    common, jieba.dt = jieba.dt, own  # the module makes its tagger over this one
    try:
        return _loaded(spec)
    finally:
        jieba.dt = common


def _loaded(spec: ModuleSpec | None) -> Any:
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module
