"""How the loops of the index become machine code: once, kept on disk, and never stale.

Numba keeps compiled code by the file that a function stands in, and does not notice when a function that it calls in
another file changed. Therefore the folder carries a fingerprint of every file that others build on. Without
`NUMBA_CACHE_DIR` nothing is kept, and every process compiles what it uses anew (the best part of a minute of one core).
"""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from llvmlite import ir
from numba import config as numba_config
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

config: Any = numba_config
_HERE = Path(__file__).parent
_SOURCES = sorted(_HERE.glob("*.py"))
_SOURCES += [_HERE.parent / f"{name}.py" for name in ("scale", "score", "competence", "passion", "drive", "travel")]
FINGERPRINT = hashlib.sha256(b"".join(path.read_bytes() for path in _SOURCES)).hexdigest()[:12]
if config.CACHE_DIR and not config.CACHE_DIR.endswith(FINGERPRINT):
    config.CACHE_DIR = str(Path(config.CACHE_DIR) / FINGERPRINT)

# Whole loops: they may make arrays, release the interpreter's lock, and divide as NumPy does (no test for zero every turn).
kernel: Any = partial(njit, cache=bool(config.CACHE_DIR), nogil=True, error_model="numpy", no_cfunc_wrapper=True)
# Loops that only other loops call: without the gate to Python, which costs more to compile than most loops.
inner: Any = partial(kernel, no_cpython_wrapper=True)
# Parts of loops: melted into the loop that calls them, without counting references to the columns that they look at (for
# a score of two hundred nanoseconds that counting costs ten times as much as the score). They make no arrays.
part: Any = partial(inner, _nrt=False, forceinline=True)


@intrinsic
def count_bits(_typing, word):
    """How many bits are set, in one step of the processor."""

    def generate(context, builder, signature, arguments):
        return context.cast(builder, builder.ctpop(arguments[0]), word, types.int64)

    return types.int64(word), generate


@intrinsic
def prefetch(_typing, array, at):
    """Ask for ``array[at]`` to be brought near: memory that is known to be needed soon is then not waited for."""

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        held = context.make_array(kind)(context, builder, arguments[0])
        place = context.cast(builder, arguments[1], signature.args[1], types.intp)
        to = builder.bitcast(cgutils.get_item_pointer(context, builder, kind, held, [place]), cgutils.voidptr_t)
        word = ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        call = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], form)
        builder.call(call, [to, word(0), word(3), word(1)])  # to be read, to stay, data
        return context.get_dummy_value()

    return types.void(array, at), generate
