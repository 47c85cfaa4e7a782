"""Connections that were used once and are then only held."""
import socket


class IdleConnections:
    """Opens connections to a proxy, sends one request on each, reads the answer, and keeps them open until left."""
    BATCH = 100

    def __init__(self, port, count, source):
        self._port, self._count, self._source, self._sockets = port, count, source, []

    def __enter__(self):
        while len(self._sockets) < self._count:
            batch = [self._open() for _ in range(min(self.BATCH, self._count - len(self._sockets)))]
            self._sockets += batch
            for connection in batch:
                connection.sendall(b"GET /100 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            for connection in batch:
                self._read(connection)
        return self

    def __exit__(self, *_):
        for connection in self._sockets:
            connection.close()

    def closed(self):
        """How many of them the proxy has closed by now."""
        return sum(map(self._is_closed, self._sockets))

    def _open(self):
        # A source address of its own: the load needs the ports of the usual one, and those of the last run are still taken.
        return socket.create_connection(("127.0.0.1", self._port), timeout=10, source_address=(self._source, 0))

    @staticmethod
    def _read(connection):
        text = b""
        while not text.endswith(b"x" * 100):
            part = connection.recv(4096)
            if not part:
                raise ConnectionError("The proxy closed a new connection.")
            text += part

    @staticmethod
    def _is_closed(connection):
        try:
            connection.setblocking(False)
            return connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
