"""The calls of a job object, as Windows documents them. A stand-in takes them on every system."""

import ctypes
from typing import Any

import pytest

from mdxdash.processes.job_object import BasicLimits, ExtendedLimits, JobObject

JOB, PROCESS = 0x7FFF_0000_0001, 0x7FFF_0000_0002


class Kernel:
    """Takes the calls; `fails` is the one that fails."""

    def __init__(self, fails: str = "") -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._fails = fails

    def _take(self, name: str, result: int, *arguments: Any) -> int:
        self.calls.append((name, *arguments))
        return 0 if name == self._fails else result

    def CreateJobObjectW(self, attributes: None, name: None) -> int:
        return self._take("CreateJobObjectW", JOB)

    def SetInformationJobObject(self, job: int, kind: int, limits: Any, size: int) -> int:
        flags = limits._obj.BasicLimitInformation.LimitFlags
        return self._take("SetInformationJobObject", 1, job, kind, flags, size)

    def OpenProcess(self, access: int, inherits: bool, pid: int) -> int:
        return self._take("OpenProcess", PROCESS, access, inherits, pid)

    def AssignProcessToJobObject(self, job: int, process: int) -> int:
        return self._take("AssignProcessToJobObject", 1, job, process)

    def TerminateJobObject(self, job: int, code: int) -> int:
        return self._take("TerminateJobObject", 1, job)

    def CloseHandle(self, handle: int) -> int:
        return self._take("CloseHandle", 1, handle)


def test_the_structures_are_as_large_as_on_windows() -> None:
    assert ctypes.sizeof(ctypes.c_void_p) == 8
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144


def test_a_process_is_put_into_a_job_that_ends_it_when_it_is_closed() -> None:
    kernel = Kernel()
    job = JobObject(4711, kernel)
    assert kernel.calls == [
        ("CreateJobObjectW",),
        ("SetInformationJobObject", JOB, 9, 0x2000, 144),
        ("OpenProcess", 0x0101, False, 4711),
        ("AssignProcessToJobObject", JOB, PROCESS),
        ("CloseHandle", PROCESS),
    ]
    kernel.calls.clear()
    job.end()
    job.close()
    job.close()
    job.end()
    assert kernel.calls == [("TerminateJobObject", JOB), ("CloseHandle", JOB)]


@pytest.mark.parametrize(
    ("fails", "closed"),
    [
        ("CreateJobObjectW", []),
        ("SetInformationJobObject", [JOB]),
        ("OpenProcess", [JOB]),
        ("AssignProcessToJobObject", [PROCESS, JOB]),
    ],
)
def test_what_fails_is_named_and_leaves_no_handle(fails: str, closed: list[int]) -> None:
    kernel = Kernel(fails)
    with pytest.raises(OSError, match=fails):
        JobObject(4711, kernel)
    assert [call[1] for call in kernel.calls if call[0] == "CloseHandle"] == closed
