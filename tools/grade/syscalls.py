"""Which system calls a run may not make: a filter of the kernel's, for the run and all that it starts.

names  ->  their numbers on this machine  ->  a program for the kernel's filter  ->  install

Refused are calls that no function of a student's needs and that reach beyond its run: memory and queues that
nobody counts, other processes, keys, mounts and namespaces, sessions (each has a share of the processor's
time), sockets for a network, and what has often had faults.
"""

import ctypes
import errno
import os
import struct

REFUSED = {  # numbers on x86_64, and on machines with the list that all newer ones share
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
    "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "mq_open": (240, 180), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "ptrace": (101, 117), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "unshare": (272, 97), "setns": (308, 268), "setsid": (112, 157), "personality": (135, 92),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "bpf": (321, 280), "syslog": (103, 116),
    "fanotify_init": (300, 262), "inotify_init1": (294, 26),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
}  # fmt: skip
CLONE3 = 435  # hides what it is asked for from a filter; the C library takes clone where it is missing

# Machines: the place in REFUSED, the name that the kernel's filter knows, and the number of socket.
MACHINES = {"x86_64": (0, 0xC000003E, 41), "aarch64": (1, 0xC00000B7, 198), "riscv64": (1, 0xC00000F3, 198)}
FOREIGN = 0x40000000  # from here on are numbers of programs with short addresses

NUMBER, MACHINE, ARGUMENT = 0, 4, 16  # where a filter finds these of a call
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # steps of a filter
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000  # what it may return
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
UNIX = 1  # sockets between processes, without a network


def make_filter(machine):
    """Return the program of the filter for a machine, by its name in `os.uname`.

    Each step is an operation, how many steps to leave out if it holds and if it does not, and a number.
    """
    column, name, socket = MACHINES[machine]
    steps = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, name), (RETURN, 0, 0, KILL)]
    steps += [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, FOREIGN), (RETURN, 0, 0, KILL)]
    for number in (numbers[column] for numbers in REFUSED.values()):
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE | errno.EPERM)]
    steps += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    steps += [(EQUAL, 0, 3, socket), (LOAD, 0, 0, ARGUMENT), (EQUAL, 1, 0, UNIX)]
    steps += [(RETURN, 0, 0, REFUSE | errno.EAFNOSUPPORT), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def install(machine):
    """Put the filter for a machine in place; where there is none for it, do nothing.

    Raises
    ------
    OSError
        If the kernel does not take it.
    """
    if machine not in MACHINES:
        return
    program = make_filter(machine)
    held = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program) // 8, ctypes.addressof(held)))
    c = ctypes.CDLL(None, use_errno=True)
    c.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if c.prctl(SECCOMP, FILTER, header, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
