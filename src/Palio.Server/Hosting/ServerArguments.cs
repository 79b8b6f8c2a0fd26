namespace Palio.Server.Hosting;

/// <summary>The command line of <c>palio serve</c>.</summary>
internal sealed record ServerArguments
{
    public const string Usage =
        """
        palio serve: runs a Palio instance.

          --urls URL[;URL]     addresses to listen at            (default http://127.0.0.1:8080)
          --data DIR           folder for everything it keeps    (default ./palio-data)
          --config FILE        settings                          (default palio.json in the data folder, when there is one)
          --ready-file FILE    written when it is ready: JSON with the address and, on the first start, the administrator's password
          --self-service       new challenges need no approval   (Challenges:SelfService=true)
          --no-worker          judge nothing in this process     (Worker:Enabled=false)
          --Section:Name VALUE any setting, for example --Worker:Capacity 2

        Settings may also stand in the environment: PALIO__Worker__Capacity=2.
        """;

    public string Data { get; private init; } = "palio-data";

    public string? Urls { get; private init; }

    public string? Config { get; private init; }

    public string? ReadyFile { get; private init; }

    public bool Help { get; private init; }

    public IReadOnlyDictionary<string, string?> Settings { get; private init; } = new Dictionary<string, string?>();

    /// <summary>What is wrong with the command line.</summary>
    public IReadOnlyList<string> Mistakes { get; private init; } = [];

    public static ServerArguments Parse(IReadOnlyList<string> args)
    {
        var (result, mistakes) = (new ServerArguments(), new List<string>());
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = args[i].IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (args[i][..at], args[i][(at + 1)..]) : (args[i], null);
            switch (name)
            {
                case "--help" or "-h":
                    result = result with { Help = true };
                    continue;
                case "--self-service":
                    settings["Challenges:SelfService"] = inline ?? "true";
                    continue;
                case "--no-worker":
                    settings["Worker:Enabled"] = "false";
                    continue;
            }

            var isSetting = name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal);
            if (!isSetting && name is not ("--urls" or "--data" or "--config" or "--ready-file"))
            {
                mistakes.Add($"'{args[i]}' is not an option of palio serve; see --help.");
                continue;
            }

            if ((inline ?? (i + 1 < args.Count ? args[++i] : null)) is not { Length: > 0 } value)
            {
                mistakes.Add($"{name} needs a value.");
                continue;
            }

            switch (name)
            {
                case "--urls": result = result with { Urls = value }; break;
                case "--data": result = result with { Data = value }; break;
                case "--config": result = result with { Config = value }; break;
                case "--ready-file": result = result with { ReadyFile = value }; break;
                default:
                    settings[name[2..]] = value;
                    if (KnownSettings.MistakeIn(name[2..]) is { } mistake)
                    {
                        mistakes.Add($"{name}: {mistake}");
                    }

                    break;
            }
        }

        return result with { Settings = settings, Mistakes = mistakes };
    }
}
