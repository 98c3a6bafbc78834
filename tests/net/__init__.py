"""Tests of the room that opens sockets."""
