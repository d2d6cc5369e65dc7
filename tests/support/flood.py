"""A program that floods a hub as fast as a client can: `python -m tests.support.flood URL COUNT`.

Writes ready-made frames into the socket, and waits for the answer to a ping behind them: then all
has been taken in. Prints the seconds between.
"""

import socket
import sys
import time
from urllib.parse import urlsplit

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    "X-App-Type: MMDAgent\r\n\r\n"
)
PING = bytes([0x89, 0x84, 0, 0, 0, 0]) + b"DONE"


def frames(count: int) -> bytes:
    """That many masked text frames, a message each, as an agent sends them."""
    payloads = (f"FLOOD|{n}|mei_voice_normal|こんにちは\n".encode() for n in range(count))
    return b"".join(bytes([0x81, 0x80 | len(p), 0, 0, 0, 0]) + p for p in payloads)


def flood(url: str, count: int, per_second: float = 0.0, last: bytes = b"DONE") -> float:
    """Sends `count` messages, `per_second` of them where that is given; the seconds it took, to the
    answer that contains `last`: by itself that to the ping."""
    parts = urlsplit(url)
    data = frames(count)
    with socket.create_connection((parts.hostname or "localhost", parts.port or 80)) as agent:
        agent.sendall(HANDSHAKE.format(path=parts.path).encode())
        agent.recv(4096)
        began = time.perf_counter()
        step = len(data) if not per_second else max(1, int(len(data) / count * per_second / 100))
        for start in range(0, len(data), step):
            agent.sendall(data[start : start + step])
            due = began + (start + step) / len(data) * count / per_second if per_second else 0.0
            time.sleep(max(0.0, due - time.perf_counter()))
        agent.sendall(PING)
        answer = b""
        while last not in answer:
            answer = answer[-len(last) :] + agent.recv(65_536)
        return time.perf_counter() - began


if __name__ == "__main__":
    rate = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    print(flood(sys.argv[1], int(sys.argv[2]), rate))
