"""Starting, on screen: children who are expected, have just started, or never came."""
