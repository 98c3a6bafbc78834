"""Counting by QIDO-RS: pages, and the ends of long lists."""
