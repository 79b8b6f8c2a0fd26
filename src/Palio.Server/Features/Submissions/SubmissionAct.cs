namespace Palio.Server.Features.Submissions;

/// <summary>What the buttons of a submission's page do.</summary>
public enum SubmissionAct
{
    Cancel,
    Rerun,
    Publish,
    Hide,
    MarkBaseline,
    UnmarkBaseline,
    TakeOff,
    PutBack,
}
