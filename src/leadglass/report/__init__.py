"""An assessment becomes a document, a terminal text or a page here, from values alone."""
