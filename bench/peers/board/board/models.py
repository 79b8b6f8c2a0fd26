from django.db import models


class ParticipantTeam(models.Model):
    team_name = models.CharField(max_length=100)

    class Meta:
        db_table = "participant_team"


class Submission(models.Model):
    participant_team = models.ForeignKey(ParticipantTeam, on_delete=models.CASCADE)
    status = models.CharField(max_length=30, db_index=True)
    is_public = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    is_baseline = models.BooleanField(default=False)
    submitted_at = models.BigIntegerField(db_index=True)
    method_name = models.CharField(max_length=1000, null=True)

    class Meta:
        db_table = "submission"


class LeaderboardData(models.Model):
    challenge_phase_split = models.IntegerField(db_index=True)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    result = models.JSONField()
    error = models.JSONField(null=True)
    is_disabled = models.BooleanField(default=False)

    class Meta:
        db_table = "leaderboard_data"
