"""The stages, each a plain function: read staged frames, transform, write staged frames."""
