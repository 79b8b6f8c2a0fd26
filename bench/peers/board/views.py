"""A board the way EvalAI asks for it: every scored submission is read, sorted in Python, and each team's first is taken."""
from board.models import LeaderboardData
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view(["GET"])
def empty(request):
    return Response({})


@api_view(["GET"])
def board(request, split):
    rows = (
        LeaderboardData.objects.filter(
            challenge_phase_split=split, is_disabled=False, submission__status="finished",
            submission__is_flagged=False, submission__is_public=True,
        )
        .order_by("-id")
        .values(
            "id", "submission_id", "submission__participant_team", "submission__participant_team__team_name",
            "submission__is_baseline", "submission__submitted_at", "submission__method_name", "result", "error",
        )
    )
    rows = sorted(rows, key=lambda row: row["result"]["score"], reverse=True)
    teams, best = set(), []
    for row in rows:
        team = row["submission__participant_team"]
        if row["submission__is_baseline"] or team not in teams:
            teams.add(team)
            row["result"] = [row["result"]["score"]]
            best.append(row)
    return Response({"count": len(best), "results": best[:100]})
