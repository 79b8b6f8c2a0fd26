"""An agent of our own that speaks as images made from EvalAI-Starters do: it dials port 8085 and sends pickles until it is told that all is done.

    agent.py [localhost | environment | hostile | silent]

Needs grpc, and numpy for what it is answered.
"""
import os
import pickle
import sys
import threading

HOW = sys.argv[1] if len(sys.argv) > 1 else "localhost"


class Shell:
    def __reduce__(self):
        return os.system, ("echo taken over",)


def unpack(message):
    length, shift, at = 0, 0, 1
    while True:
        length |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
        if message[at - 1] < 0x80:
            return message[at:at + length]


def pack(pickled):
    head, rest = bytearray(b"\x0a"), len(pickled)
    while rest > 0x7F:
        head.append(rest & 0x7F | 0x80)
        rest >>= 7
    head.append(rest)
    return bytes(head) + pickled


if HOW == "silent":
    threading.Event().wait()

import grpc

channel = grpc.insecure_channel("{}:8085".format("environment" if HOW == "environment" else "localhost"))


def call(method, value):
    return pickle.loads(unpack(channel.unary_unary("/evaluation.Environment/" + method)(pack(pickle.dumps(value)))))


print("actions", call("get_action_space", None), flush=True)
while True:
    answer = call("act_on_environment", Shell() if HOW == "hostile" else 1)
    print("feedback", answer["feedback"], answer["current_score"], flush=True)
    if answer["feedback"][2]:
        break
