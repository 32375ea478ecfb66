"""Scientific names taken apart: canonical form, rank, authorship, and what the writer doubted.

A reader after the botanical and zoological codes, for names as surveys, inventories, checklists and GBIF write them. It
is our own since the maintained parsers (GNparser, GBIF name-parser) are Go and Java programs or web services. Chinese
names belong to `chinese_names`, cells that hold both to `cells`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from species.written.spelling import folded, stem

# The ranks below species by their marker (ICN art. 4, 5; botany writes them, zoology mostly does not).
RANK_MARKERS = {
    "subsp": "subspecies", "ssp": "subspecies", "nothosubsp": "subspecies", "nothossp": "subspecies",
    "var": "variety", "v": "variety", "nothovar": "variety", "varietas": "variety", "subvar": "subvariety",
    "f": "form", "fo": "form", "forma": "form", "fma": "form", "subf": "subform", "convar": "convariety",
    "lus": "lusus", "prol": "proles", "monstr": "monstrosity", "ab": "aberration", "morph": "morph",
}  # fmt: skip
WRITTEN_MARKER = {
    "subspecies": "", "variety": "var.", "form": "f.", "subvariety": "subvar.", "subform": "subf.",
    "convariety": "convar.", "lusus": "lus.", "proles": "prol.", "monstrosity": "monstr.", "aberration": "ab.",
    "morph": "morph",
}  # fmt: skip
DOUBTS = {
    "cf": "cf.",
    "confer": "cf.",
    "aff": "aff.",
    "affinis": "aff.",
    "nr": "nr.",
    "near": "nr.",
    "prope": "nr.",
}
NO_SPECIES = {
    "sp": "sp.",
    "spp": "spp.",
    "spec": "sp.",
    "species": "sp.",
    "indet": "indet.",
    "spnov": "sp. nov.",
}
# Lower-case words that belong to an authorship and are no epithet.
PARTICLES = {
    "ex", "et", "in", "and", "al", "de", "da", "do", "del", "della", "di", "du", "des", "la", "le", "van", "von", "vom",
    "den", "der", "ter", "ten", "zu", "zur", "fil", "filius", "bis", "non", "nec", "nom", "sensu", "auct", "auctt",
    "emend", "hort", "pro", "parte", "comb", "nov", "stat", "ined", "orth",
}  # fmt: skip
END_OF_NAME = {"auct", "auctt", "sensu", "non", "nec", "nom", "hort"}
QUOTES = "'\"‘’‚“”„`´′＇＂「」『』"
CULTIVAR = re.compile(rf"(?:^|(?<=\s))(?:cv\.?\s*)?[{QUOTES}]([^{QUOTES}]+)(?:[{QUOTES}]|$)")
CULTIVAR_WORD = re.compile(r"(?:^|\s)cv\.?\s+([A-Z0-9][\w-]*(?:\s[A-Z0-9][\w-]+(?![\w.]))*)")
TRADE_NAME = re.compile(r"\S*[®™©]\S*")
MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,40}>")
GLUED = re.compile(r"([a-z]\.)(?=[A-Za-z])|(?<=[A-Z])(\.)(?=(?:subsp|ssp|var|f)\.)")
GENUS = re.compile(r"^[A-Z][a-zà-öø-ÿ]+(?:-[a-zà-öø-ÿ]+)?$")
EPITHET = re.compile(r"^[a-zà-öø-ÿ]{2,}(?:-[a-zà-öø-ÿ]+)*$")
SUBGENUS = re.compile(r"^\(([A-Z][a-zà-öø-ÿ]+)\)$")
HYBRID_SIGNS = {"×", "x", "X", "✕", "✖", "╳"}
SHORTEST_GENUS_IN_CAPITALS = (
    3  # with nothing behind it, a word in capitals is a code unless it is as long as a name
)
SHORTEST_LONE_WORD_IN_CAPITALS = 5


@dataclass(frozen=True)
class ScientificName:
    """A name taken apart.

    canonicalName: without authorship and hybrid sign, `subsp.` left out as zoology does, other markers kept.
    isOpen: only `certainName` is sure (sp., cf., aff., a hybrid formula).
    """

    canonicalName: str
    binomial: str | None
    rank: str
    isOpen: bool = False
    authorship: str | None = None
    isHybrid: bool = False
    cultivarEpithet: str | None = None
    identificationQualifier: str | None = None

    @property
    def genus(self) -> str:
        return self.canonicalName.split()[0]

    @property
    def certain_name(self) -> str:
        return self.genus if self.isOpen else self.canonicalName

    @property
    def name_key(self) -> str:
        return canonical_key(self.canonicalName)

    @property
    def cultivar_key(self) -> str | None:
        """The key of the cultivar as a taxon of its own, which few sources know."""
        return f"{self.name_key} '{folded(self.cultivarEpithet)}'" if self.cultivarEpithet else None

    @property
    def stem_key(self) -> str:
        return stem(self.name_key)


def read_scientific_name(text: str) -> ScientificName | None:
    """Take a scientific name apart; None where the text does not begin like one."""
    written, cultivar = _without_cultivar(MARKUP.sub("", text).replace("_", " "))
    words = _words(written)
    if not words or not GENUS.match(words[0]):
        return None
    return _Reader(words, cultivar).read()


def canonical_key(canonical_name: str) -> str:
    """The key of a canonical name: lower case, no diacritics, hyphens or markers of rank."""
    words = folded(canonical_name).replace("-", "").split()
    return " ".join(word for word in words if not word.endswith(".") and word != "morph")


def name_key(text: str) -> str:
    """The form in which scientific names are compared; of what is none, the words as written in lower case."""
    name = read_scientific_name(text)
    return name.name_key if name else " ".join(folded(text).split())


def _without_cultivar(text: str) -> tuple[str, str | None]:
    """The text without its cultivar and trade names, and the cultivar epithet without its quotes."""
    text = TRADE_NAME.sub(" ", text)
    for pattern in (CULTIVAR, CULTIVAR_WORD):
        if (found := pattern.search(text)) and found.start() > 0 and found.group(1).strip():
            return f"{text[: found.start()]} {text[found.end() :]}", " ".join(found.group(1).split())
    return text, None


def _words(text: str) -> list[str]:
    """The words of a name; a hybrid sign stands alone, a name in capitals is put into usual letters."""
    text = re.sub(r"\s*[×✕✖╳]\s*", " × ", text)
    text = GLUED.sub(lambda found: f"{found.group()} ", text) if "." in text else text
    words = ["×" if word in HYBRID_SIGNS else word for word in text.replace(",", " , ").split()]
    while words and words[0] in ("×", ",", "?"):
        words = words[1:]
    words[:1] = [word.rstrip(".,;:") for word in words[:1]]
    if words and words[0].endswith("?"):
        words = [words[0].rstrip("?"), "?", *words[1:]]
    if not words:
        return []
    if words[0].isupper():
        return _from_capitals(words)
    if words[0].islower() and (
        len(words) == 1 or words[1] == "×" or EPITHET.match(words[1].rstrip("?.").lower())
    ):
        words[0] = words[0].capitalize()  # solanum rostratum, populus x canadensis, malus spp.
        words[1:2] = [word.lower() if word.isupper() and len(word) > 1 else word for word in words[1:2]]
    return words


def _from_capitals(words: list[str]) -> list[str]:
    """ACER PLATANOIDES L. in usual letters; a short word alone stays what it is: a code."""
    alone = len(words) == 1 or not words[1].strip("?.").isalpha()
    shortest = SHORTEST_LONE_WORD_IN_CAPITALS if alone else SHORTEST_GENUS_IN_CAPITALS
    if len(words[0]) < shortest:
        return words
    lowered = [words[0].capitalize()]
    for word in words[1:]:
        if not (word.isupper() or word in ("×", ",")):
            return [words[0].capitalize(), *words[1:]]
        lowered.append(word.lower() if len(word) > 2 or len(lowered) == 1 else word)
    return lowered


class _Reader:
    """Goes through the words of one name from left to right."""

    def __init__(self, words: list[str], cultivar: str | None) -> None:
        self.words = words
        self.cultivar = cultivar
        self.epithets: list[str] = []
        self.rank = "genus"
        self.marker = ""
        self.doubt: str | None = None
        self.is_open = False
        self.is_hybrid = False
        self.after_epithet: list[str] = []  # words since the last epithet: its authorship
        self.authorship_of_species: list[str] = []

    def read(self) -> ScientificName:
        place = 1
        if len(self.words) > 2 and SUBGENUS.match(self.words[1]) and EPITHET.match(self.words[2]):
            place = 2
        while place < len(self.words) and self._take(place):
            place += 1
        return self._result()

    def _take(self, place: int) -> bool:
        """Take one word; False where the name ends here."""
        word = self.words[place]
        bare = word.rstrip(".").lower()
        following = self.words[place + 1] if place + 1 < len(self.words) else ""
        if word == "×":
            return self._take_hybrid_sign(following)
        if word == "?" or (word.endswith("?") and EPITHET.match(word.rstrip("?"))):
            self.doubt, self.is_open = "?", True
            return word == "?" or self._take_epithet(word.rstrip("?"))
        if bare in DOUBTS and (word.endswith(".") or bare in ("cf", "aff")):
            self.doubt, self.is_open = DOUBTS[bare], True
            return True
        unnumbered = bare.rstrip("0123456789").rstrip(".")
        if unnumbered in NO_SPECIES and not self.epithets:
            self.doubt = "sp. nov." if following.startswith("nov") else NO_SPECIES[unnumbered]
            self.is_open = True
            return False
        if bare in END_OF_NAME and self.epithets:
            self.after_epithet += self.words[place:]
            return False
        if self._is_marker(word, bare, following):
            self.marker = RANK_MARKERS[bare]
            return True
        if self.marker and EPITHET.match(word.lower()):  # subsp. Variabilis
            return self._take_epithet(word.lower())
        if EPITHET.match(word) and bare not in PARTICLES and self._may_be_epithet(place):
            return self._take_epithet(word)
        self.after_epithet.append(word)
        return bool(self.epithets) or (place < len(self.words) - 1 and self._belongs_to_authorship(word))

    def _belongs_to_authorship(self, word: str) -> bool:
        """Whether a word after the genus is its author, behind whom no epithet is looked for."""
        return bool(word[:1].isupper() or word[:1] in "(&,")

    def _take_hybrid_sign(self, following: str) -> bool:
        if self.epithets and following:  # A × B: of a formula only the genus is sure
            self.doubt, self.is_open = "hybrid formula", True
            return False
        self.is_hybrid = True
        return bool(following)

    def _is_marker(self, word: str, bare: str, following: str) -> bool:
        if bare not in RANK_MARKERS or not self.epithets:
            return False
        if len(bare) == 1 and not word.endswith(".") and self.after_epithet:
            return False
        if following == "×":
            return True
        # Hook. f. Thoms. is the son of an author, var. Variabilis a variety
        next_word = following if len(bare) == 1 else following.lower()
        return bool(EPITHET.match(next_word)) and next_word not in PARTICLES

    def _may_be_epithet(self, place: int) -> bool:
        """The first lower-case word is the epithet; one right behind it, or behind a marker, is below species."""
        if not self.epithets:
            return not self.after_epithet
        if self.marker:
            return True
        return (
            len(self.epithets) == 1 and not self.after_epithet and self.words[place - 1] == self.epithets[-1]
        )

    def _take_epithet(self, word: str) -> bool:
        if not self.epithets:
            self.rank = "species"
            self.epithets.append(word)
            return True
        self.rank = self.marker or "subspecies"
        self.authorship_of_species = self.authorship_of_species or self.after_epithet
        self.epithets = [self.epithets[0], word]
        self.after_epithet, self.marker = [], ""
        return True

    def _result(self) -> ScientificName:
        genus = self.words[0]
        binomial = f"{genus} {self.epithets[0]}" if self.epithets else None
        parts = [genus, *self.epithets[:1]]
        if len(self.epithets) > 1:
            parts += [WRITTEN_MARKER[self.rank], self.epithets[1]]
            is_autonym = self.epithets[0] == self.epithets[1]
            self.after_epithet = self.after_epithet or (self.authorship_of_species if is_autonym else [])
        authorship = " ".join(self.after_epithet).replace(" ,", ",").strip(" ,")
        return ScientificName(
            canonicalName=" ".join(part for part in parts if part),
            binomial=binomial,
            rank=self.rank,
            isOpen=self.is_open,
            authorship=authorship or None,
            isHybrid=self.is_hybrid,
            cultivarEpithet=self.cultivar,
            identificationQualifier=self.doubt,
        )
