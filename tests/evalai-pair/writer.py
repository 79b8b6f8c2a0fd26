"""A program of EvalAI's static code upload: it reads the host's data and writes its file where it is told to."""
import os

with open("/dataset/numbers.txt") as file:
    numbers = file.read()
with open(os.path.join(os.environ["SUBMISSION_PATH"], "submission.csv"), "w") as file:
    file.write(numbers)
print("wrote", numbers)
