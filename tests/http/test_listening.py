import socket

from bongsu.http.listening import listens


def test_a_port_is_open_while_somebody_listens_there() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
        assert not listens(port)
        one.listen()
        assert listens(port)
    assert not listens(port)
