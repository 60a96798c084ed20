"""Numbers as people type them: spoken cardinals, dates, times, money, units and digit strings become digits."""
