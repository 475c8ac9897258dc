"""What there is, and how to reach it: values, the property graph, the detectors."""
