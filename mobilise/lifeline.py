"""A child that ends with its parent, however the parent ends.

`python -m mobilise.lifeline MODULE ARGUMENT…` runs a module that way. A process that was
forked or spawned by such a module (a web worker) calls `die_with_parent` itself.
"""

import ctypes
import multiprocessing
import os
import runpy
import signal
import sys
import threading
import time

PARENT = "MOBILISE_LIFELINE"
"""Names the process id of the parent that a child was started by."""
_PR_SET_PDEATHSIG = 1
_ORPHAN = 74


def die_with_parent() -> None:
    """Ends this process as soon as its parent ends, kill -9 included.

    Does nothing in a process that was started by hand. On Linux the kernel does the work,
    elsewhere a thread looks four times a second.
    """
    parent = _parent()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we came so far
        os._exit(_ORPHAN)


def _parent() -> int | None:
    forked_by = multiprocessing.parent_process()
    if forked_by is not None:
        return forked_by.pid
    named = os.environ.pop(PARENT, None)  # the children of this process have another parent
    return int(named) if named else None


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(_ORPHAN)


def main() -> None:
    die_with_parent()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
