"""An environment of our own that speaks as images made from EvalAI-Starters do: gRPC on port 8085, pickles, and a request with the result.

    environment.py [form | json | hostile | wrong-split | silent]

After its result it neither answers nor ends, as the starter's does. Needs grpc and numpy.
"""
import collections
import json
import os
import pickle
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent import futures

import grpc
import numpy

STEPS = 20
HOW = sys.argv[1] if len(sys.argv) > 1 else "form"
BODY = json.loads(os.environ["BODY"].replace("'", '"'))


def send(method, fields):
    as_json = HOW == "json"
    data = (json.dumps(fields) if as_json else urllib.parse.urlencode(fields)).encode()
    url = "{}/api/jobs/challenge/{}/update_submission/".format(os.environ["EVALAI_API_SERVER"], BODY["challenge_pk"])
    request = urllib.request.Request(url, data, method=method)
    request.add_header("Authorization", "Bearer " + os.environ["AUTH_TOKEN"])
    request.add_header("Content-Type", "application/json" if as_json else "application/x-www-form-urlencoded")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            print(method, answer.status, json.load(answer), flush=True)
    except urllib.error.HTTPError as error:
        print(method, error.code, json.load(error), flush=True)
        raise


def send_result(score):
    result = [{"split": "no_such_split" if HOW == "wrong-split" else "train_split", "show_to_participant": True, "accuracies": {"score": score}}]
    send("PATCH" if HOW == "json" else "PUT", {
        "challenge_phase": BODY["phase_pk"],
        "submission": BODY["submission_pk"],
        "stdout": "said",
        "stderr": "",
        "submission_status": "FINISHED",
        "result": json.dumps(result),
    })


def unpack(message):
    """The one field of the one message: a tag, a length, and the pickle."""
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


class Walk(grpc.GenericRpcHandler):
    score = 0

    def service(self, details):
        call = {"get_action_space": self.actions, "act_on_environment": self.act}[details.method.split("/")[-1]]
        return grpc.unary_unary_rpc_method_handler(call)

    def actions(self, request, context):
        return pack(pickle.dumps([0, 1]))

    def act(self, request, context):
        action = pickle.loads(unpack(request))
        print("action", action, flush=True)
        self.score += 1
        done = self.score == STEPS
        if self.score == 1:
            send("PATCH", {"submission": BODY["submission_pk"], "submission_status": "RUNNING"})
        if done:
            send_result(self.score)
            threading.Event().wait()
        observation = numpy.array([self.score, action, 0.5, -1.0])
        info = collections.Counter(a=1) if HOW == "hostile" else {"rare": numpy.float32(1.5)}
        return pack(pickle.dumps({"feedback": (observation, 1.0, done, info), "current_score": self.score}))


if HOW != "silent":
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1), handlers=[Walk()])
    server.add_insecure_port("[::]:8085")
    server.start()
threading.Event().wait()
