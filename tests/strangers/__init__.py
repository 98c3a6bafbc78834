"""A stranger at web servers that answer whatever a test scripts: what is proved, what is asked, what is counted."""
