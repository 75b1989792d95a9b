"""Compiled kernels (extra `fast`); `compiled.py` says when they are used.

A test holds them to the results of the plain path.

The order of operations is that of the plain path where that decides bits: no fast mathematics, one world at a time.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Bytes = NDArray[np.uint8]
Ints = NDArray[np.intp]

# coefficients of the normal quantile: Cephes (Moshier 2000), as in scipy.special.ndtri; highest power first
_P0 = np.array((-59.9633501014107895267, 98.0010754185999661536, -56.6762857469070293439, 13.9312609387279679503,
       -1.23916583867381258016))  # fmt: skip
_Q0 = np.array((1.0, 1.95448858338141759834, 4.67627912898881538453, 86.3602421390890590575, -225.462687854119370527,
       200.260212380060660359, -82.0372256168333339912, 15.9056225126211695515, -1.18331621121330003142))  # fmt: skip
_P1 = np.array((4.05544892305962419923, 31.5251094599893866154, 57.1628192246421288162, 44.0805073893200834700,
       14.6849561928858024014, 2.18663306850790267539, -0.140256079171354495875, -0.0350424626827848203418,
       -0.000857456785154685413611))  # fmt: skip
_Q1 = np.array((1.0, 15.7799883256466749731, 45.3907635128879210584, 41.3172038254672030440, 15.0425385692907503408,
       2.50464946208309415979, -0.142182922854787788574, -0.0380806407691578277194, -0.000933259480895457427372))  # fmt: skip  # noqa: E501
_P2 = np.array((3.23774891776946035970, 6.91522889068984211695, 3.93881025292474443415, 1.33303460815807542389,
       0.201485389549179081538, 0.0123716634817820021358, 0.000301581553508235416007, 0.00000265806974686737550832,
       6.23974539184983293730e-9))  # fmt: skip
_Q2 = np.array((1.0, 6.02427039364742014255, 3.67983563856160859403, 1.37702099489081330271, 0.216236993594496635890,
       0.0134204006088543189037, 0.000328014464682127739104, 0.00000289247864745380683936, 6.79019408009981274425e-9))  # fmt: skip  # noqa: E501
# SHA-256 (FIPS 180-4): the words of its rounds, and what it starts from
_ROUNDS = np.array((
       0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
       0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
       0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
       0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
       0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
       0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
       0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
       0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
       ), dtype=np.uint32)  # fmt: skip
_START = np.array((0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19),
       dtype=np.uint32)  # fmt: skip
_PIECE = 1024
"""Numbers worked on at a time: they fit the nearest cache."""
_HALVINGS = 54
"""Halvings of the interval of an eigenvalue, to the last bit of the largest."""
_ROOT_2PI = 2.50662827463100050242
_CUT = 0.13533528323661269189  # exp(-2)


@njit(inline="always")  # type: ignore[misc, unused-ignore]
def _turned(x: Any, by: int) -> Any:
    """A word of 32 bits turned to the right."""
    return np.uint32((x >> np.uint32(by)) | (x << np.uint32(32 - by)))


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def _mix(message: Any, hashed: Any) -> None:
    """One block of SHA-256: 16 words of the message, of 64, go into the 8 words of the hash."""
    for i in range(16, 64):
        early, late = message[i - 15], message[i - 2]
        early = _turned(early, 7) ^ _turned(early, 18) ^ np.uint32(early >> np.uint32(3))
        late = _turned(late, 17) ^ _turned(late, 19) ^ np.uint32(late >> np.uint32(10))
        message[i] = np.uint32(message[i - 16] + early + message[i - 7] + late)
    a, b, c, d, e, f, g, h = hashed
    for i in range(64):
        turned = np.uint32(_turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25))
        one = np.uint32(h + turned + (g ^ (e & (f ^ g))) + _ROUNDS[i] + message[i])
        turned = np.uint32(_turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22))
        two = np.uint32(turned + ((a & b) | (c & (a | b))))
        a, b, c, d, e, f, g, h = np.uint32(one + two), a, b, c, np.uint32(d + one), e, f, g
    for i, word in enumerate((a, b, c, d, e, f, g, h)):
        hashed[i] = np.uint32(hashed[i] + word)


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def fill_keys(heads: Bytes, of_heads: Ints, tails: Bytes, of_tails: Ints, out: Words) -> None:
    """First 16 bytes of the SHA-256 of every head joined with every tail, as little-endian words, (head x tail, 2).

    Texts stand in rows, with their lengths beside. A call of a library for each costs five times as much.
    """
    text = np.zeros(heads.shape[1] + tails.shape[1] + 72, dtype=np.uint64)
    message, hashed = np.empty(64, dtype=np.uint32), np.empty(8, dtype=np.uint32)
    for row in range(len(heads)):
        for i in range(of_heads[row]):
            text[i] = heads[row, i]
        for column in range(len(tails)):
            length = of_heads[row] + of_tails[column]
            for i in range(of_tails[column]):
                text[of_heads[row] + i] = tails[column, i]
            blocks = (length + 9 + 63) // 64
            text[length : 64 * blocks] = 0
            text[length] = 0x80
            for i in range(8):
                text[64 * blocks - 1 - i] = np.uint64(8 * length) >> np.uint64(8 * i) & np.uint64(0xFF)
            hashed[:] = _START
            for block in range(blocks):
                for i in range(16):
                    word = np.uint64(0)
                    for j in range(4):
                        word = (word << np.uint64(8)) | text[64 * block + 4 * i + j]
                    message[i] = np.uint32(word)
                _mix(message, hashed)
            for half in range(2):
                key = np.uint64(0)
                for i in range(7, -1, -1):
                    word = np.uint64(hashed[2 * half + i // 4]) >> np.uint64(24 - 8 * (i % 4)) & np.uint64(0xFF)
                    key = (key << np.uint64(8)) | word
                out[row * len(tails) + column, half] = key


def _high_word(context: Any, a: Any, b: Any) -> Any:
    """High 64 bits of a 128-bit product."""

    def emit(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(words[0], wide), builder.zext(words[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), emit


_high: Any = intrinsic(_high_word)


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def fill_uniforms(keys: Words, tags: Words, smallest: float, out: Floats) -> None:
    """Philox-4x64-10 (Salmon et al. 2011), one stream for every key (key, 2) and tag (tag,), out (key, number, tag)."""
    for row in range(len(keys)):
        for column in range(len(tags)):
            block = np.uint64(0)
            for start in range(0, out.shape[1], 4):
                block += np.uint64(1)
                a, b, c, d = block, tags[column], np.uint64(0), np.uint64(0)
                k, m = keys[row, 0], keys[row, 1]
                for _ in range(10):
                    high_a, low_a = _high(a, np.uint64(0xD2E7470EE14C6C93)), a * np.uint64(0xD2E7470EE14C6C93)
                    high_c, low_c = _high(c, np.uint64(0xCA5A826395121157)), c * np.uint64(0xCA5A826395121157)
                    a, b, c, d = high_c ^ b ^ k, low_c, high_a ^ d ^ m, low_a
                    k += np.uint64(0x9E3779B97F4A7C15)
                    m += np.uint64(0xBB67AE8584CAA73B)
                for offset, word in enumerate((a, b, c, d)):
                    if start + offset < out.shape[1]:
                        uniform = (word >> np.uint64(11)) * (1.0 / 9007199254740992.0)
                        out[row, start + offset, column] = max(uniform, smallest)


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def to_normal(u: Floats) -> None:
    """Uniforms in (0, 1), of one axis, into standard normal quantiles, in place and a piece at a time."""
    y, places = np.empty(_PIECE), np.empty(_PIECE, dtype=np.int64)
    for start in range(0, len(u), _PIECE):
        size = min(_PIECE, len(u) - start)
        out = u[start : start + size]
        y[:size] = out
        _middle(y[:size], out)
        count = 0
        for i in range(size):  # collected first: a branch that nobody can predict costs more than the sum
            places[count] = i
            count += (y[i] <= _CUT) | (y[i] > 1.0 - _CUT)
        x = np.empty(count)
        for j in range(count):
            level = y[places[j]]
            x[j] = math.log(min(level, 1.0 - level))
        _tails(x)
        for j in range(count):
            out[places[j]] = x[j] if y[places[j]] > 0.5 else -x[j]


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def _middle(u: Floats, out: Floats) -> None:
    """The quantile between the tails; wrong in the tails, but without a branch."""
    p, q = _P0, _Q0
    for i in range(len(u)):
        y = u[i] - 0.5
        s = y * y
        over = (((p[0] * s + p[1]) * s + p[2]) * s + p[3]) * s + p[4]
        under = (((((((s + q[1]) * s + q[2]) * s + q[3]) * s + q[4]) * s + q[5]) * s + q[6]) * s + q[7]) * s + q[8]
        out[i] = (y + y * (s * over / under)) * _ROOT_2PI


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def _tails(x: Floats) -> None:
    """Upper quantiles at the levels whose logarithms are x, in place; loops without calls, so that they are vectors."""
    p, q = _P1, _Q1
    quantiles = np.empty(len(x))
    for j in range(len(x)):
        x[j] = math.sqrt(-2.0 * x[j])
    for j in range(len(x)):
        quantiles[j] = math.log(x[j])
    for j in range(len(x)):
        z = 1.0 / x[j]
        over = p[0] * z + p[1]
        over = ((((((over * z + p[2]) * z + p[3]) * z + p[4]) * z + p[5]) * z + p[6]) * z + p[7]) * z + p[8]
        under = (((((((z + q[1]) * z + q[2]) * z + q[3]) * z + q[4]) * z + q[5]) * z + q[6]) * z + q[7]) * z + q[8]
        quantiles[j] = x[j] - quantiles[j] / x[j] - z * over / under
    for j in range(len(x)):
        if x[j] >= 8.0:  # a level under 1e-14: hardly ever
            over, under = _P2[0], 1.0
            for k in range(1, 9):
                over, under = over / x[j] + _P2[k], under / x[j] + _Q2[k]
            quantiles[j] = x[j] - math.log(x[j]) / x[j] - over / under / x[j]
        x[j] = quantiles[j]


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def _tridiagonal(a: Floats, diagonal: Floats, beside: Floats) -> None:
    """Householder reduction of the symmetric matrix a (state, state), which is spent."""
    n = len(a)
    v, w = np.empty(n), np.empty(n)
    for k in range(n - 2):
        norm = 0.0
        for i in range(k + 1, n):
            v[i] = a[i, k]
            norm += v[i] * v[i]
        norm = math.sqrt(norm)
        diagonal[k] = a[k, k]
        if norm == 0.0:
            beside[k] = 0.0
            continue
        alpha = -norm if v[k + 1] > 0.0 else norm
        beside[k] = alpha
        v[k + 1] -= alpha
        scale = 1.0 / (norm * norm - alpha * a[k + 1, k])
        dot = 0.0
        for i in range(k + 1, n):
            w[i] = 0.0
            for j in range(k + 1, n):
                w[i] += a[i, j] * v[j]
            w[i] *= scale
            dot += w[i] * v[i]
        dot *= 0.5 * scale
        for i in range(k + 1, n):
            w[i] -= dot * v[i]
        for i in range(k + 1, n):
            for j in range(k + 1, n):
                a[i, j] -= v[i] * w[j] + w[i] * v[j]
    diagonal[n - 2], diagonal[n - 1], beside[n - 2] = a[n - 2, n - 2], a[n - 1, n - 1], a[n - 1, n - 2]


@njit(cache=True, error_model="numpy")  # type: ignore[misc, unused-ignore]
def fill_second(matrices: Floats, out: Floats) -> None:
    """Second smallest eigenvalue of each symmetric matrix (world, state, state); the matrices are spent.

    Bisection by the signs of the pivots (Sylvester's law of inertia), all worlds in step so that divisions overlap.
    """
    worlds, n = matrices.shape[0], matrices.shape[1]
    diagonal, squares = np.empty((n, worlds)), np.empty((n, worlds))
    low, high, pivot, count = np.empty(worlds), np.empty(worlds), np.empty(worlds), np.empty(worlds)
    one, beside = np.empty(n), np.zeros(n + 1)
    for w in range(worlds):
        _tridiagonal(matrices[w], one, beside[1:])
        low[w], high[w] = one[0], one[0]
        for i in range(n):  # Gershgorin: every eigenvalue lies in here
            radius = abs(beside[i]) + (abs(beside[i + 1]) if i < n - 1 else 0.0)
            low[w], high[w] = min(low[w], one[i] - radius), max(high[w], one[i] + radius)
            diagonal[i, w], squares[i, w] = one[i], beside[i] * beside[i]
    for _ in range(_HALVINGS):
        for w in range(worlds):
            pivot[w] = diagonal[0, w] - 0.5 * (low[w] + high[w])
            count[w] = 1.0 if pivot[w] < 0.0 else 0.0
        for i in range(1, n):
            for w in range(worlds):
                safe = pivot[w] if pivot[w] != 0.0 else 1e-300
                pivot[w] = diagonal[i, w] - 0.5 * (low[w] + high[w]) - squares[i, w] / safe
                count[w] += 1.0 if pivot[w] < 0.0 else 0.0
        for w in range(worlds):
            middle = 0.5 * (low[w] + high[w])
            high[w] = middle if count[w] >= 2.0 else high[w]
            low[w] = low[w] if count[w] >= 2.0 else middle
    for w in range(worlds):
        out[w] = 0.5 * (low[w] + high[w])
