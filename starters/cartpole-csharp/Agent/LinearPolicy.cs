namespace CartPole.Agent;

/// <summary>Pushes to the side that the weighted sum of the four numbers points to.</summary>
public sealed class LinearPolicy(double position, double speed, double angle, double turning)
{
    /// <summary>The weights that <see cref="Training"/> found with seed 1.</summary>
    public static LinearPolicy Trained { get; } = new(-0.0238, 1.1638, 1.2998, 1.4413);

    /// <summary>Whether to push to the right.</summary>
    public bool PushesRight(ReadOnlySpan<float> observation) =>
        (position * observation[0]) + (speed * observation[1]) + (angle * observation[2]) + (turning * observation[3]) > 0;
}
