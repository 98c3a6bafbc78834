"""What other tools found listening is read as a stream, and a line that cannot be read is told and skipped."""
