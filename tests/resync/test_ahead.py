"""How many rows may be ahead of the cursors, whoever writes them."""

from __future__ import annotations

import threading

import pytest

from gradesys.resync.ahead import Ahead

PATIENCE_S = 30.0


def test_rows_of_all_threads_together_are_never_more_than_there_is_room_for() -> None:
    ahead, lock, now, seen = Ahead(10), threading.Lock(), [0], list[int]()

    def write(rows: int) -> None:
        for _ in range(50):
            with ahead.rows(rows):
                with lock:
                    now[0] += rows
                    seen.append(now[0])
                with lock:
                    now[0] -= rows

    threads = [threading.Thread(target=write, args=(rows,)) for rows in (1, 4, 5, 6, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert (len(seen), max(seen), now) == (250, 10, [0])


def test_rows_are_free_again_where_a_write_fails() -> None:
    ahead = Ahead(10)
    with pytest.raises(ZeroDivisionError), ahead.rows(10):
        raise ZeroDivisionError
    with ahead.rows(10):
        pass


def test_more_than_there_is_ever_room_for_go_alone() -> None:
    ahead = Ahead(10)
    with ahead.rows(11):
        pass
    with ahead.rows(6), ahead.rows(4):
        pass
