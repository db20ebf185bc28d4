"""How fast mobilise is, each figure beside the floor it stands on, measured in the same run."""
