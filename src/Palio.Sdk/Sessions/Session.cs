namespace Palio.Sdk.Sessions;

/// <summary>A side's part of the conversation.</summary>
internal abstract class Session
{
    /// <summary>Says hello and plays until Finish.</summary>
    public abstract void Play();

    /// <summary>Disposes the author's objects. The games are over and counted: what fails now is told, and changes nothing.</summary>
    public abstract void Release(TextWriter errors);

    protected static void Release(IEnumerable<object> players, TextWriter errors)
    {
        foreach (var player in players.OfType<IDisposable>())
        {
            try
            {
                player.Dispose();
            }
            catch (Exception exception)
            {
                errors.WriteLine(exception);
            }
        }
    }
}
