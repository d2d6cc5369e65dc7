"""The masking of frames (RFC 6455, section 5.3), as the installed websockets library has it."""

try:
    from websockets.speedups import apply_mask
except ImportError:  # websockets without its C extension
    from websockets.utils import apply_mask

__all__ = ["apply_mask"]
