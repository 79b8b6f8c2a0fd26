using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Referee.Events;
using Palio.Referee.Recording;

namespace Palio.Referee.Playing;

/// <summary>One evaluation from listening to result.</summary>
internal sealed class Game : IDisposable
{
    private const int GraceMs = 2000;

    private readonly RefereePlan _plan;
    private readonly EventLog _events;
    private readonly TimeProvider _time;
    private readonly Reception _reception;
    private readonly RecordOutlet _records;
    private AgentSide? _agent;
    private EnvironmentSide? _environment;
    private GameLoop? _loop;

    public Game(RefereePlan plan, SocketPaths paths, EventLog events, TimeProvider time)
    {
        (_plan, _events, _time) = (plan, events, time);
        _reception = new Reception(paths, events, time);
        _records = new RecordOutlet(events, plan.Record, plan.Slots);
    }

    /// <summary>Plays to the result. Throws the fault that leaves none.</summary>
    public void Play()
    {
        var (agent, environment) = _reception.Meet(_plan.Budgets.HelloMs);
        _agent = new AgentSide(agent, _plan, _time);
        _environment = new EnvironmentSide(environment, _plan, _time);

        var rules = _environment.Configure();
        TellReady(Hello.Environment);
        _agent.Welcome(rules, _environment);
        TellReady(Hello.Agent);

        var schedule = new Schedule(_plan, _events, _time);
        _loop = new GameLoop(rules, _agent, _environment, schedule, _events, _records);
        try
        {
            _loop.Play();
            _agent.Goodbye(FrameType.Finish, new Finish("done", GraceMs), StepJsonContext.Default.Finish);
        }
        catch (FaultException exception) when (FaultCatalog.BlameOf(exception.Code) == Blame.Agent)
        {
            ForfeitRest(exception, schedule);
        }

        _environment.Goodbye(FrameType.Finish, new Finish("done", GraceMs), StepJsonContext.Default.Finish);
        schedule.TellResult();
    }

    /// <summary>Ends without a result.</summary>
    public void EndWith(FaultException exception)
    {
        var place = _loop?.Place;
        _loop?.EndAll(EpisodeEnd.Void, exception.Code);
        var fault = Locate(exception.Fault, place);
        _events.Write(new FaultRaised { Sequence = _events.Next(), Fault = fault, Fatal = true });
        if (fault.Blame == Blame.Agent)
        {
            TellFault(_agent, fault);
            _environment?.Goodbye(FrameType.Finish, new Finish("done", GraceMs), StepJsonContext.Default.Finish);
        }
        else
        {
            TellFault(_environment, fault);
            _agent?.Goodbye(FrameType.Finish, new Finish("environment_fault", GraceMs), StepJsonContext.Default.Finish);
        }
    }

    public void Dispose()
    {
        _agent?.Connection.Dispose();
        _environment?.Connection.Dispose();
        _reception.Dispose();
    }

    private static Fault Locate(Fault fault, (int Episode, long Step)? place) =>
        place is { } some ? fault with { Episode = some.Episode, Step = some.Step } : fault;

    private static void TellFault(Side? side, Fault fault) => side?.Goodbye(
        FrameType.Fault,
        new FaultMessage { Code = FaultNames.Of(fault.Code), Blame = FaultNames.Of(fault.Blame), Message = fault.Message, Remedy = fault.Remedy },
        StepJsonContext.Default.FaultMessage);

    private void ForfeitRest(FaultException exception, Schedule schedule)
    {
        if (_loop!.IsOver)
        {
            // It went after its last action. Nothing is lost by that.
            _loop.EndAll(EpisodeEnd.Forfeited, exception.Code);
            return;
        }

        var fault = Locate(exception.Fault, _loop.Place);
        _events.Write(new FaultRaised { Sequence = _events.Next(), Fault = fault, Fatal = true });
        _loop.EndAll(EpisodeEnd.Forfeited, exception.Code);
        schedule.ForfeitRest(exception.Code, new EpisodeRecord(_records));
        TellFault(_agent, fault);
    }

    private void TellReady(string side) => _events.Write(new SideReady { Sequence = _events.Next(), Side = side, Stage = "ready" });
}
