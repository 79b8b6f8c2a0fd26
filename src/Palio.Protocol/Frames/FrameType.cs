namespace Palio.Protocol.Frames;

/// <summary>The type byte of a frame; see docs/protocol.md, part 1.</summary>
public enum FrameType : byte
{
    /// <summary>Not a frame.</summary>
    None = 0,

    /// <summary>Side to referee: the first frame on every connection.</summary>
    Hello = 0x01,

    /// <summary>Referee to agent: what will be played.</summary>
    Welcome = 0x02,

    /// <summary>Agent to referee: models are loaded.</summary>
    Ready = 0x03,

    /// <summary>Referee to environment: how it will be played.</summary>
    Configure = 0x04,

    /// <summary>Environment to referee: spaces, seats, metrics.</summary>
    Spec = 0x05,

    /// <summary>Referee to agent: an episode ended.</summary>
    EpisodeEnd = 0x06,

    /// <summary>Any direction: the sender ends the session and says why.</summary>
    Fault = 0x07,

    /// <summary>Referee to side: no more episodes.</summary>
    Finish = 0x08,

    /// <summary>Referee to agent: observations.</summary>
    Observe = 0x10,

    /// <summary>Agent to referee: actions.</summary>
    Act = 0x11,

    /// <summary>Referee to environment: begin episodes.</summary>
    Reset = 0x20,

    /// <summary>Referee to environment: actions.</summary>
    Step = 0x21,

    /// <summary>Environment to referee: observations, rewards, ends, metrics.</summary>
    State = 0x22,
}
