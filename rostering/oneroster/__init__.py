"""The OneRoster CSV binding: what files and columns there are, and how a bundle is read and checked."""
