"""A job object of Windows: the processes in it end with it, and it ends with whoever made it.

So nothing that mdxdash starts outlives it, also when mdxdash is killed or a process between it and
its children is gone. See *Job Objects* in Microsoft's documentation of processes and threads.
"""

import ctypes
import sys
from typing import Any, Final

_EXTENDED_LIMITS: Final = 9
"""`JobObjectExtendedLimitInformation` of `JOBOBJECTINFOCLASS`."""

_KILL_ON_CLOSE: Final = 0x2000
"""`JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE`."""

_SET_QUOTA_AND_TERMINATE: Final = 0x0101
"""`PROCESS_SET_QUOTA | PROCESS_TERMINATE`: what assigning a process to a job needs."""


class BasicLimits(ctypes.Structure):
    """`JOBOBJECT_BASIC_LIMIT_INFORMATION`, with types of the same size on every system."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """`JOBOBJECT_EXTENDED_LIMIT_INFORMATION`; the six counters are its `IO_COUNTERS`."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class JobObject:
    """A job with one process and, from then on, its children. Any thread may call it."""

    def __init__(self, pid: int, kernel: Any = None) -> None:
        """
        Args:
            pid: The process, which this process has started a moment ago.
            kernel: `kernel32.dll`, by default that of this system.

        Raises:
            OSError: The job cannot be made, or the process has ended already.
        """
        self._kernel = _kernel32() if kernel is None else kernel
        self._job = self._kernel.CreateJobObjectW(None, None)
        if not self._job:
            raise OSError("CreateJobObjectW failed")
        try:
            self._set_limits()
            self._assign(pid)
        except OSError:
            self.close()
            raise

    def end(self) -> None:
        """Ends all processes in it."""
        if self._job:
            self._kernel.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        """Releases it, which ends what still runs in it."""
        job, self._job = self._job, None
        if job:
            self._kernel.CloseHandle(job)

    def _set_limits(self) -> None:
        limits = ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_CLOSE
        if not self._kernel.SetInformationJobObject(
            self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        ):
            raise OSError("SetInformationJobObject failed")

    def _assign(self, pid: int) -> None:
        process = self._kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, pid)
        if not process:
            raise OSError(f"OpenProcess failed for process {pid}")
        try:
            if not self._kernel.AssignProcessToJobObject(self._job, process):
                raise OSError(f"AssignProcessToJobObject failed for process {pid}")
        finally:
            self._kernel.CloseHandle(process)


def _kernel32() -> Any:
    """Returns `kernel32.dll` with the types of what is used of it. Raises OSError elsewhere."""
    if sys.platform != "win32":
        raise OSError("job objects are a part of Windows")
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    # A handle is a pointer: the default, a C int, would cut it.
    handle, number = ctypes.c_void_p, ctypes.c_uint32
    for name, result, arguments in (
        ("CreateJobObjectW", handle, (handle, ctypes.c_wchar_p)),
        ("OpenProcess", handle, (number, ctypes.c_int, number)),
        ("SetInformationJobObject", ctypes.c_int, (handle, ctypes.c_int, handle, number)),
        ("AssignProcessToJobObject", ctypes.c_int, (handle, handle)),
        ("TerminateJobObject", ctypes.c_int, (handle, number)),
        ("CloseHandle", ctypes.c_int, (handle,)),
    ):
        function = getattr(kernel, name)
        function.restype, function.argtypes = result, arguments
    return kernel
