using Palio.Protocol.Evaluations;
using Palio.Protocol.Messages;
using Palio.Referee.Events;
using Palio.Referee.Sockets;

namespace Palio.Referee.Playing;

/// <summary>Lets both sides in, in whichever order they come.</summary>
internal sealed class Reception : IDisposable
{
    private readonly Door _agent;
    private readonly Door _environment;
    private readonly TimeProvider _time;

    public Reception(SocketPaths paths, EventLog events, TimeProvider time)
    {
        _time = time;
        _agent = new Door(Hello.Agent, paths.Agent, events);
        _environment = new Door(Hello.Environment, paths.Environment, events);
        events.Write(new RefereeStarted { Sequence = events.Next(), Version = RefereeProgram.Version });
    }

    public (SideConnection Agent, SideConnection Environment) Meet(int milliseconds)
    {
        var started = _time.GetTimestamp();
        while (!_agent.IsGreeted || !_environment.IsGreeted)
        {
            var left = milliseconds - _time.GetElapsedTime(started).TotalMilliseconds;
            if (left <= 0)
            {
                // When both are missing the environment is named: an agent is not charged where nobody could have played.
                throw (_environment.IsGreeted ? _agent : _environment).Late(milliseconds);
            }

            var (agent, environment) = Polling.WaitToRead(_agent.Descriptor, _environment.Descriptor, (int)Math.Ceiling(left));
            if (environment)
            {
                _environment.OnReadable();
            }

            if (agent)
            {
                _agent.OnReadable();
            }
        }

        return (_agent.TakeConnection(), _environment.TakeConnection());
    }

    public void Dispose()
    {
        _agent.Dispose();
        _environment.Dispose();
    }
}
