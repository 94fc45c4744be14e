"""Choosing and summing up the figures of runs, and tables of them."""

import statistics


def chosen(results, **settings):
    """The results whose settings have these values."""
    return [result for result in results
            if all(result["settings"].get(name) == value for name, value in settings.items())]


def values(results, figure):
    return [value for result in results for value in result["figures"][figure]]


def total(results, figure):
    return sum(values(results, figure))


def median(numbers):
    return statistics.median(numbers) if numbers else None


def quantile(numbers, share):
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}".replace(",", " ")


def seconds(milliseconds, digits=1):
    return "–" if milliseconds is None else f"{milliseconds / 1000:.{digits}f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
