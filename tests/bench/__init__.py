"""The benchmark: each figure beside its reference, measured in the same run; no test."""
