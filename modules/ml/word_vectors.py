"""Vectors of words, learnt from the texts that they stand in.

Skip-gram and CBOW with negative sampling (Mikolov et al., 2013), and FastText (Bojanowski et al., 2017), where a word
is the mean of its own vector and those of its parts. Pairs are learnt in batches that share their negative samples,
with the step size of Adagrad for each row, which suits small texts as well as large ones.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from modules.ml.texts import word_lists

Floats = np.ndarray[Any, np.dtype[np.float32]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

NEGATIVES = 5
"""Negative samples that count for one pair, as in word2vec."""
SHARED_NEGATIVES = 64
FREQUENT = 1e-3
"""Words with a larger share of the text are passed over at random, as in word2vec."""
SMOOTHING = 0.75
STEP = 0.1
LARGEST_BATCH = 256
BLOCK_WORDS = 10_000
SMALLEST_PART, LARGEST_PART = 3, 6


@dataclass(frozen=True, slots=True)
class Training:
    """How vectors are learnt."""

    length: int
    window: int
    epochs: int
    skip_gram: bool
    with_parts: bool
    seed: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """The words that are kept, the most frequent first, and the texts as places among them, sentence by sentence."""

    words: tuple[str, ...]
    counts: Integers
    text: Integers
    sentence: Integers


def corpus_of(texts: Sequence[str], *, at_least: int, most: int) -> Corpus:
    """Read texts; rare words are left out first, then the least frequent beyond `most`."""
    sentences = [words for text in texts for words in word_lists(text) if words]
    counted = Counter(word for words in sentences for word in words)
    kept = sorted((word for word, count in counted.items() if count >= at_least), key=lambda w: (-counted[w], w))[:most]
    places = {word: place for place, word in enumerate(kept)}
    known = [[places[word] for word in words if word in places] for words in sentences]
    lengths = [len(words) for words in known]
    return Corpus(
        tuple(kept),
        np.array([counted[word] for word in kept], dtype=np.int64),
        np.fromiter((place for words in known for place in words), dtype=np.int64, count=sum(lengths)),
        np.repeat(np.arange(len(known)), lengths),
    )


def learn_vectors(
    corpus: Corpus, training: Training, *, on_progress: Callable[[float], None] = lambda _: None
) -> Floats:
    """Words × length, in the order of the corpus."""
    random = np.random.default_rng(training.seed)
    parts = _parts(corpus.words) if training.with_parts else _identity(len(corpus.words))
    ours = (random.uniform(-0.5, 0.5, (parts.shape[1], training.length)) / training.length).astype(np.float32)
    others = np.zeros((len(corpus.words), training.length), dtype=np.float32)
    learner = _Learner(ours, others, _shares(corpus.counts), random)
    size = int(np.clip(len(corpus.words) // 4, 16, LARGEST_BATCH))
    kept_share = np.minimum(1, np.sqrt(FREQUENT * max(len(corpus.text), 1) / np.maximum(corpus.counts, 1)))
    for epoch in range(training.epochs):
        drawn = random.random(len(corpus.text)) < kept_share[corpus.text]
        text, sentence = corpus.text[drawn], corpus.sentence[drawn]
        for start in range(0, len(text), BLOCK_WORDS):
            block = slice(start, start + BLOCK_WORDS)
            for inputs, targets in _examples(text[block], sentence[block], training, len(corpus.words), random):
                for batch in range(0, len(targets), size):
                    rows = slice(batch, batch + size)
                    learner.learn(inputs[rows] @ parts, targets[rows])
        on_progress((epoch + 1) / training.epochs)
    return np.asarray(parts @ ours, dtype=np.float32)


def _identity(size: int) -> Any:
    from scipy import sparse

    return sparse.identity(size, dtype=np.float32, format="csr")


def _parts(words: Sequence[str]) -> Any:
    """Words × (words and parts): the share of each in the mean that is a word's vector."""
    from scipy import sparse

    places: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    for index, word in enumerate(words):
        marked = f"<{word}>"
        found = {
            marked[start : start + size]
            for size in range(SMALLEST_PART, LARGEST_PART + 1)
            for start in range(len(marked) - size + 1)
        }
        columns.append(index)
        columns += [len(words) + places.setdefault(part, len(places)) for part in sorted(found)]
        ends.append(len(columns))
    sizes = np.diff(ends)
    shares = np.repeat(1 / sizes, sizes).astype(np.float32)
    return sparse.csr_matrix((shares, columns, ends), shape=(len(words), len(words) + len(places)))


def _shares(counts: Integers) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The cumulated chances of words as negative samples."""
    weights = counts.astype(np.float64) ** SMOOTHING
    found: np.ndarray[Any, np.dtype[np.float64]] = np.cumsum(weights) / weights.sum()
    return found


def _examples(
    text: Integers, sentence: Integers, training: Training, words: int, random: np.random.Generator
) -> Iterator[tuple[Any, Integers]]:
    """What is read and what is to be told from it: a matrix of examples × words, and a word for each."""
    from scipy import sparse

    reach = random.integers(1, training.window + 1, len(text))
    centers: list[Integers] = []
    contexts: list[Integers] = []
    for offset in range(1, min(training.window, len(text) - 1) + 1):
        together = sentence[offset:] == sentence[:-offset]
        right = np.flatnonzero(together & (reach[offset:] >= offset))
        left = np.flatnonzero(together & (reach[:-offset] >= offset))
        centers += [right + offset, left]
        contexts += [right, left + offset]
    if not centers:
        return
    center, context = np.concatenate(centers), np.concatenate(contexts)
    if not len(center):
        return
    if training.skip_gram:
        order = random.permutation(len(center))
        read, told = text[context[order]], text[center[order]]
        ones = np.ones(len(read), dtype=np.float32)
        yield sparse.csr_matrix((ones, read, np.arange(len(read) + 1)), shape=(len(read), words)), told
        return
    by_center = np.argsort(center, kind="stable")
    center, context = center[by_center], context[by_center]
    told_places, starts, sizes = np.unique(center, return_index=True, return_counts=True)
    shares = np.repeat(1 / sizes, sizes).astype(np.float32)
    read_matrix = sparse.csr_matrix(
        (shares, text[context], np.append(starts, len(context))), shape=(len(told_places), words)
    )
    mixed = random.permutation(len(told_places))
    yield read_matrix[mixed], text[told_places[mixed]]


class _Learner:
    """Moves the vectors of read words and of told words towards each other, and away from drawn ones."""

    def __init__(
        self,
        ours: Floats,
        others: Floats,
        shares: np.ndarray[Any, np.dtype[np.float64]],
        random: np.random.Generator,
    ) -> None:
        self._ours, self._others = ours, others
        self._shares, self._random = shares, random
        self._our_squares = np.full((len(ours), 1), 1e-6, dtype=np.float32)
        self._other_squares = np.full((len(others), 1), 1e-6, dtype=np.float32)

    def learn(self, inputs: Any, targets: Integers) -> None:
        """Take one step on a batch: `inputs` are weights of our rows, `targets` the words to be told."""
        drawn = np.searchsorted(self._shares, self._random.random(SHARED_NEGATIVES), side="right")
        read = inputs @ self._ours
        told, negative = self._others[targets], self._others[drawn]
        pulled = 1 - _sigmoid(np.einsum("ij,ij->i", read, told))
        pushed = _sigmoid(read @ negative.T) * (drawn != targets[:, None]) * np.float32(NEGATIVES / SHARED_NEGATIVES)
        moved = pulled[:, None] * told - pushed @ negative
        changed = np.concatenate([targets, drawn])
        _step(self._others, self._other_squares, changed, np.concatenate([pulled[:, None] * read, -(pushed.T @ read)]))
        used, places = np.unique(inputs.indices, return_inverse=True)
        narrowed = type(inputs)((inputs.data, places, inputs.indptr), shape=(inputs.shape[0], len(used)))
        _step(self._ours, self._our_squares, used, narrowed.T @ moved)


def _sigmoid(values: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)


def _step(vectors: Floats, squares: Floats, rows: Integers, changes: Floats) -> None:
    """Add changes to rows, each of which may stand several times, as Adagrad does."""
    order = np.argsort(rows, kind="stable")
    unique, starts = np.unique(rows[order], return_index=True)
    together = np.add.reduceat(changes[order], starts, axis=0)
    squares[unique] += np.mean(together**2, axis=1, keepdims=True)
    vectors[unique] += STEP * together / np.sqrt(squares[unique])
