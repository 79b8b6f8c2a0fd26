# Runs a challenge's evaluate() and hands its result back. Standard output is the result's own way out: what the script prints,
# and what programs print that it starts, goes to standard error, which is the log.
import os
import sys

RESULT = os.dup(1)
os.set_inheritable(RESULT, False)
os.dup2(2, 1)

import importlib
import json
import traceback

INPUT = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "evaluation_script"


def plain(value):
    """Makes NumPy's values and others like them JSON's; a number that JSON does not have becomes text, which is refused by name."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        return float(value) if value == value and value not in (float("inf"), float("-inf")) else repr(float(value))
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if hasattr(value, "item"):
        return plain(value.item())
    return str(value)


def place(error):
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/script/" in frame.filename]
    return "{}:{}".format(os.path.basename(frames[-1].filename), frames[-1].lineno) if frames else ""


def answer(said):
    data = json.dumps(said).encode()
    while data:
        data = data[os.write(RESULT, data):]


def failed(stage, error):
    traceback.print_exc()
    answer({"error": {"stage": stage, "type": type(error).__name__, "message": str(error), "place": place(error)}})
    return 1


def find():
    folder = os.path.join(INPUT, "script")
    sys.path[:] = [folder] + [path for path in sys.path if path and os.path.abspath(path) != INPUT] + [os.path.join(folder, PACKAGE)]
    has_package = os.path.exists(os.path.join(folder, PACKAGE, "__init__.py"))
    module = importlib.import_module(PACKAGE) if has_package else None
    if not hasattr(module, "evaluate"):
        module = importlib.import_module(PACKAGE + ".main" if has_package else "main")
    return module.evaluate


def main():
    with open(os.path.join(INPUT, "call.json")) as file:
        call = json.load(file)
    os.chdir("/tmp")
    try:
        evaluate = find()
    except BaseException as error:
        return failed("load", error)
    try:
        value = evaluate(call["annotations"], call["submission"], call["phase"], submission_metadata=call["metadata"])
    except BaseException as error:
        return failed("run", error)
    try:
        answer({"value": plain(value)})
    except BaseException as error:
        return failed("return", error)
    return 0


code = main()
for stream in (sys.stdout, sys.stderr):
    try:
        stream.flush()
    except Exception:
        pass
os._exit(code)  # whatever threads the script left behind
