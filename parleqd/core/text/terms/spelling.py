"""How far apart two spellings are."""

from __future__ import annotations


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, delete, replace or swap with their neighbour; ``most`` + 1 where it is more than ``most``.

    Optimal string alignment (Damerau, 1964; the recurrence of Wagner and Fischer, 1974), a row at a time.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before = before, row
        row = [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
