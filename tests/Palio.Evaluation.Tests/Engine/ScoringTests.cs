using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Scoring;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>Scripts and participants' images on the real engine, in the image with Python that <c>deploy/images/python-base</c> makes.</summary>
[Collection("engine")]
[Trait("needs", "engine")]
public sealed class ScoringTests(EngineFixture fixture)
{
    private static int _evaluations = 5000;
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly List<(string Name, string Content)> _kept = [];

    private const string Good = """
        def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
            print("scoring", phase_codename, kwargs["submission_metadata"]["id"])
            with open(test_annotation_file) as f: truth = f.read().split()
            with open(user_submission_file) as f: guess = f.read().split()
            right = sum(a == b for a, b in zip(truth, guess))
            return {"result": [{"all": {"Accuracy": right / len(truth)}}], "submission_result": {"right": right}}
        """;

    [Fact]
    public async Task Score_ASubmittedFile_GivesWhatEvaluateReturned()
    {
        var (result, fault, outcome) = await ScoreAsync(Good, "1 2 3 4", "1 2 3 5");

        Assert.True(fault is null, $"{fault?.Code} {fault?.Message} {outcome.AgentLog}");
        Assert.Equal("""{"result": [{"all": {"Accuracy": 0.75}}], "submission_result": {"right": 3}}""", result);
        Assert.Contains("scoring test 12", outcome.AgentLog, StringComparison.Ordinal);
        Assert.Equal(("none", "read-only"), (outcome.Policy!.Restrictions["network"], outcome.Policy.Restrictions["root"]));
        Assert.Equal("/input read-only", outcome.Policy.Restrictions["mounts"]);
        await fixture.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("def evaluate(*a, **k):\n    raise ValueError('row 3 has no id')", FaultCode.ScriptFailed, "evaluate() raised ValueError: row 3 has no id (main.py:2)")]
    [InlineData("import numpy_that_is_not_there", FaultCode.ScriptFailed, "could not be loaded: ModuleNotFoundError: No module named 'numpy_that_is_not_there'")]
    [InlineData("x = 1", FaultCode.ScriptFailed, "cannot import name 'evaluate'")]
    [InlineData("import os\ndef evaluate(*a, **k):\n    os._exit(3)", FaultCode.ScriptFailed, "exit code 3 before evaluate() returned")]
    [InlineData("import time\ndef evaluate(*a, **k):\n    time.sleep(60)", FaultCode.ScriptTimeout, "did not return within 4 s")]
    [InlineData("def evaluate(*a, **k):\n    x = b'x' * (400 << 20)\n    return {'result': len(x)}", FaultCode.ScriptOutOfMemory, "more memory than its limit")]
    [InlineData("def evaluate(*a, **k):\n    return {'result': 'x' * (2 << 20)}", FaultCode.ScriptBadResult, "more than a result may have")]
    [InlineData("import socket\ndef evaluate(*a, **k):\n    socket.create_connection(('1.1.1.1', 80), 2)", FaultCode.ScriptFailed, "evaluate() raised OSError")]
    [InlineData("def evaluate(a, u, p, **k):\n    open(u, 'w')", FaultCode.ScriptFailed, "Read-only file system")]
    public async Task Score_AScriptThatFails_IsTheHostsPart(string script, FaultCode code, string message)
    {
        var (result, fault, _) = await ScoreAsync(script, "1", "1", limitSeconds: 4);

        Assert.Null(result);
        Assert.Equal((code, Blame.Environment), (fault!.Code, fault.Blame));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Score_AScriptThatWritesToStandardOutput_KeepsItsResultApart()
    {
        var (result, fault, outcome) = await ScoreAsync(
            "import os, subprocess, sys\ndef evaluate(*a, **k):\n    os.write(1, b'{\"value\": 1}')\n    subprocess.call([sys.executable, '-c', 'print(42)'])\n    return {'result': [{'all': {'Accuracy': float('nan')}}]}",
            "1", "1");

        Assert.Null(fault);
        Assert.Equal("""{"result": [{"all": {"Accuracy": "nan"}}]}""", result);
        Assert.Contains("42", outcome.AgentLog, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open('/submission/submission.csv', 'w').write('1 2 3 4')", null, "")]
    [InlineData("import os, time; open('/submission/submission.json', 'w').write('1 2 3 4'); time.sleep(60)", null, "")]
    [InlineData("import os; os.umask(0o77); open('/submission/submission.csv', 'w').write('1 2 3 4')", null, "")]
    [InlineData("pass", FaultCode.AgentNoFile, "neither submission.csv nor submission.json")]
    [InlineData("import os; os.symlink('/etc/passwd', '/submission/submission.csv')", FaultCode.AgentNoFile, "is a link")]
    [InlineData("import os; os.mkfifo('/submission/submission.csv')", FaultCode.AgentNoFile, "is empty")]
    [InlineData("open('/submission/submission.csv', 'w').write('1' * 5000)", FaultCode.AgentNoFile, "5000 bytes; at most 4096")]
    [InlineData("raise SystemExit(3)", FaultCode.AgentCrashed, "exit code 3")]
    [InlineData("import time; time.sleep(60)", FaultCode.AgentTotalTimeout, "did not end within 4 s")]
    [InlineData("x = b'x' * (400 << 20)", FaultCode.AgentOutOfMemory, "more memory than its limit")]
    public async Task Score_AFileThatAnImageWrites_TakesItOrSaysWhyNot(string program, FaultCode? code, string message)
    {
        var (result, fault, outcome) = await ScoreAsync(Good, "1 2 3 5", null, limitSeconds: 4, program: program);

        Assert.True(fault?.Code == code, $"{fault?.Code} {fault?.Message} {outcome.AgentLog} {outcome.EnvironmentLog}");
        if (code is null)
        {
            Assert.Contains("\"Accuracy\": 0.75", result, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(Blame.Agent, fault!.Blame);
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        }

        await fixture.AssertNothingLeftAsync();
    }

    private const string ScoresByItself = """
        import json, os, sys
        truth = open(os.environ["ANNOTATION_FILE"]).read().split()
        guess = open(os.environ["SUBMISSION_FILE"]).read().split()
        print("scoring", os.environ["PHASE_CODENAME"], json.load(open(os.environ["CALL_FILE"]))["metadata"]["id"])
        right = sum(a == b for a, b in zip(truth, guess))
        json.dump({"result": [{"all": {"Accuracy": right / len(truth)}}]}, open(os.environ["RESULT_FILE"], "w"))
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("open('/submission/submission.csv', 'w').write('1 2 3 5')")]
    public async Task Score_ByAnImageWithoutAScript_GivesWhatItWrote(string? program)
    {
        var (result, fault, outcome) = await ScoreAsync(null, "1 2 3 4", program is null ? "1 2 3 5" : null, program: program, scorer: ScoresByItself);

        Assert.True(fault is null, $"{fault?.Code} {fault?.Message} {outcome.AgentLog} {outcome.EnvironmentLog}");
        Assert.Equal("""{"result": [{"all": {"Accuracy": 0.75}}]}""", result);
        Assert.Contains("scoring test 12", program is null ? outcome.AgentLog : outcome.EnvironmentLog, StringComparison.Ordinal);
        Assert.Equal(("none", "read-only"), (outcome.Policy!.Restrictions["network"], outcome.Policy.Restrictions["root"]));
        await fixture.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("pass", FaultCode.ScriptFailed, "There is no result.json in /output")]
    [InlineData("raise SystemExit(3)", FaultCode.ScriptFailed, "exit code 3")]
    [InlineData("open('/output/result.json', 'w').write('{\"result\": NaN}')", FaultCode.ScriptBadResult, "is not JSON")]
    [InlineData("open('/output/result.json', 'w').write('x' * (2 << 20))", FaultCode.ScriptFailed, "at most 1048576 are taken")]
    [InlineData("import os; os.symlink('/etc/passwd', '/output/result.json')", FaultCode.ScriptFailed, "is a link")]
    [InlineData("open('/input/call.json', 'w')", FaultCode.ScriptFailed, "exit code 1")]
    [InlineData("import time; time.sleep(60)", FaultCode.ScriptTimeout, "did not return within 4 s")]
    public async Task Score_ByAnImageThatFails_IsTheHostsPart(string scorer, FaultCode code, string message)
    {
        var (result, fault, _) = await ScoreAsync(null, "1", "1", limitSeconds: 4, scorer: scorer);

        Assert.Null(result);
        Assert.Equal((code, Blame.Environment), (fault!.Code, fault.Blame));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        await fixture.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("open('/submission/submission.csv', 'w').write(open('/dataset/train/numbers.txt').read())", null)]
    [InlineData("open('/dataset/train/numbers.txt', 'w')", FaultCode.AgentCrashed)]
    public async Task Score_AnImageWithADataset_ReadsItAndCannotChangeIt(string program, FaultCode? code)
    {
        var (result, fault, outcome) = await ScoreAsync(Good, "1 2 3 4", null, program: program, dataset: Tar(("train/numbers.txt", "1 2 3 5")));

        Assert.True(fault?.Code == code, $"{fault?.Code} {fault?.Message} {outcome.AgentLog}");
        Assert.Equal(code is null, result is not null);
        Assert.Equal("/dataset read-only,/submission writable", outcome.Policy!.Restrictions[code is null ? "mounts.agent" : "mounts"]);
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Score_AFileThatAnImageWrote_IsHandedOverToBeKept()
    {
        await ScoreAsync("raise ValueError()", "1", null, program: "open('/submission/submission.json', 'w').write('1 2 3')");

        Assert.Equal([("submission.json", "1 2 3")], _kept);
    }

    [Fact]
    public async Task Score_AFileThatIsNotWhatTheJobSays_IsNoVerdict()
    {
        var (_, fault, _) = await ScoreAsync(Good, "1", "1", change: files => files[files.Keys.First(name => name.Contains("guess", StringComparison.Ordinal))] = "2"u8.ToArray());

        Assert.Equal(Blame.Platform, fault!.Blame);
        await fixture.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Score_Cancelled_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var observer = new CancellingObserver(cancel);

        var (_, fault, outcome) = await ScoreAsync("import time\ndef evaluate(*a, **k):\n    time.sleep(60)", "1", "1", observer: observer, cancellationToken: cancel.Token);

        Assert.Equal((PodStop.Cancelled, FaultCode.ParticipantCancelled), (outcome.Stopped, fault!.Code));
        await fixture.AssertNothingLeftAsync();
    }

    private async Task<(string? Result, Fault? Fault, PodOutcome Outcome)> ScoreAsync(
        string? script, string annotations, string? submission, int limitSeconds = 30, string? program = null, string? scorer = null, byte[]? dataset = null, Action<Dictionary<string, byte[]>>? change = null,
        IPodObserver? observer = null, CancellationToken? cancellationToken = null)
    {
        var evaluation = Interlocked.Increment(ref _evaluations);
        var python = new JobImage(await PythonAsync());
        var limits = new ContainerLimits { MemoryBytes = 128L << 20, TmpBytes = 8L << 20, Pids = 64 };
        var job = new EvaluationJob
        {
            Lease = new EvaluationLease(evaluation, 1, 12, 60),
            Agent = program is null ? JobImage.None : new JobImage(await ProgramAsync(python.Reference, program)),
            Environment = scorer is null ? python : new JobImage(await ProgramAsync(python.Reference, scorer)),
            AgentLimits = limits,
            EnvironmentLimits = limits,
            Plan = new RefereePlan { Evaluation = "1", Episodes = [], MaxSteps = 1, Budgets = new RefereeBudgets() },
            DeadlineSeconds = 60,
            Scoring = new ScoringJob
            {
                Script = script is null ? null : Add("script.tar", Tar(("__init__.py", "from .main import evaluate" ), ("main.py", script))),
                Dataset = dataset is null ? null : Add("dataset.tar", dataset),
                Annotations = Add("truth.txt", Encoding.UTF8.GetBytes(annotations)),
                Submission = submission is null ? null : Add("guess.txt", Encoding.UTF8.GetBytes(submission)),
                Phase = "test",
                ChallengeId = 3,
                PhaseId = 4,
                Metadata = """{"id": 12}""",
                LimitSeconds = limitSeconds,
                MaxFileBytes = 4096,
            },
        };
        change?.Invoke(_files);
        var plan = ScoringPlanner.Plan(
            job, job.Scoring, fixture.Instance, DockerRuntime.NewName(evaluation), CpuPlacement.Anywhere, (file, _) => Task.FromResult<Stream>(new MemoryStream(_files[file.Name])),
            async (name, content, token) => _kept.Add((name, await new StreamReader(content).ReadToEndAsync(token))));
        var outcome = await fixture.Runtime.PlayAsync(plan, observer ?? new RecordingObserver(), cancellationToken ?? TestContext.Current.CancellationToken);
        var (result, fault) = ScoringJudge.Judge(outcome, outcome.Scoring!);
        return (result, fault, outcome);
    }

    private JobFile Add(string name, byte[] content)
    {
        _files[name] = content;
        return new JobFile("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, name);
    }

    private static byte[] Tar(params (string Name, string Text)[] files)
    {
        using var target = new MemoryStream();
        using (var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return target.ToArray();
    }

    private async Task<string> PythonAsync() => await PythonImage.FindAsync(fixture.Client);

    private async Task<string> ProgramAsync(string python, string program)
    {
        var image = await PythonImage.WithProgramAsync(fixture.Client, python, program);
        fixture.Remember(image);
        return image;
    }

    private sealed class CancellingObserver(CancellationTokenSource cancel) : IPodObserver
    {
        public ValueTask PreparingAsync(string detail, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask RunningAsync(string detail, CancellationToken cancellationToken) => await cancel.CancelAsync();
    }
}
