"""Plays against the starter's environment on the loopback port of the first argument."""
import pickle
import sys
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import rounds
from package import METHOD, Package

_LIMIT = [("grpc.max_send_message_length", 1 << 26), ("grpc.max_receive_message_length", 1 << 26)]
call = grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}", options=_LIMIT).unary_unary(
    METHOD, lambda message: message.SerializeToString(), Package.FromString)


def step():
    return pickle.loads(call(Package(SerializedEntity=pickle.dumps(1))).SerializedEntity)


rounds.play(step)
