"""The monitor in a browser: a real server on the loopback address, real sockets, a real browser where there is one."""
