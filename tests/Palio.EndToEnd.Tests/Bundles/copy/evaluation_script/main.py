def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    print("scoring submission", kwargs["submission_metadata"]["id"])
    with open(test_annotation_file) as file:
        truth = file.read().split()
    with open(user_submission_file) as file:
        guess = [int(number) for number in file.read().split()]
    if not guess:
        return {"result": [{"whole": {"Accuracy": float("nan")}}]}
    right = sum(int(a) == b for a, b in zip(truth, guess))
    return {"result": [{"whole": {"Accuracy": right / len(truth)}}], "submission_result": {"right": right}}
