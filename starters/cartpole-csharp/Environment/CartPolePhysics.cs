namespace CartPole.Environment;

/// <summary>
/// The cart-pole of Barto, Sutton and Anderson (1983), with the numbers of Gymnasium's CartPole-v1: equal seeds and actions give the
/// episodes that Gymnasium gives, to the last bit of its sine and cosine.
/// </summary>
public sealed class CartPolePhysics
{
    /// <summary>Steps after which an episode is over.</summary>
    public const int MaxSteps = 500;

    /// <summary>The cart's largest distance from the middle.</summary>
    public const double MaxPosition = 2.4;

    /// <summary>The pole's largest angle, 12 degrees.</summary>
    public const double MaxAngle = 12 * 2 * Math.PI / 360;

    private const double Gravity = 9.8;
    private const double PoleMass = 0.1;
    private const double TotalMass = 1.0 + PoleMass;
    private const double HalfLength = 0.5;
    private const double PoleMoment = PoleMass * HalfLength;
    private const double Force = 10.0;
    private const double Seconds = 0.02;

    private double _tilt;

    /// <summary>Position of the cart.</summary>
    public double Position { get; private set; }

    /// <summary>Speed of the cart.</summary>
    public double Speed { get; private set; }

    /// <summary>Angle of the pole in radians; 0 is upright.</summary>
    public double Angle { get; private set; }

    /// <summary>Angular speed of the pole.</summary>
    public double Turning { get; private set; }

    /// <summary>Steps of this episode.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the pole fell or the cart left the track.</summary>
    public bool HasFallen => Math.Abs(Position) > MaxPosition || Math.Abs(Angle) > MaxAngle;

    /// <summary>How far the pole leaned on average, in degrees; NaN before the first step.</summary>
    public double Lean => Steps == 0 ? double.NaN : _tilt / Steps * (180 / Math.PI);

    /// <summary>Begins an episode.</summary>
    public void Reset(ulong seed)
    {
        var random = new Pcg64(seed);
        Position = random.Uniform(-0.05, 0.05);
        Speed = random.Uniform(-0.05, 0.05);
        Angle = random.Uniform(-0.05, 0.05);
        Turning = random.Uniform(-0.05, 0.05);
        Steps = 0;
        _tilt = 0;
    }

    /// <summary>Pushes for a fiftieth of a second: to the right, or to the left.</summary>
    public void Step(bool right)
    {
        var (sine, cosine) = (Math.Sin(Angle), Math.Cos(Angle));
        var push = ((right ? Force : -Force) + (PoleMoment * (Turning * Turning) * sine)) / TotalMass;
        var turningChange = ((Gravity * sine) - (cosine * push))
            / (HalfLength * ((4.0 / 3.0) - (PoleMass * (cosine * cosine) / TotalMass)));
        var speedChange = push - (PoleMoment * turningChange * cosine / TotalMass);

        Position += Seconds * Speed;
        Speed += Seconds * speedChange;
        Angle += Seconds * Turning;
        Turning += Seconds * turningChange;
        Steps++;
        _tilt += Math.Abs(Angle);
    }

    /// <summary>What the agent sees: 32-bit numbers; the physics keep all 64 bits.</summary>
    public void Observe(Span<float> observation)
    {
        observation[0] = (float)Position;
        observation[1] = (float)Speed;
        observation[2] = (float)Angle;
        observation[3] = (float)Turning;
    }
}
