namespace StellarPay.Chaos;

/// <summary>What a run is to be.</summary>
public sealed record ChaosOptions
{
    /// <summary>Everything random comes from it.</summary>
    public required int Seed { get; init; }

    /// <summary>How long clients act and things go wrong. Setting up and healing come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many wallets there are from the beginning.</summary>
    public int Wallets { get; init; } = 24;

    /// <summary>How many actions clients begin in a second.</summary>
    public double ActionsPerSecond { get; init; } = 6;

    /// <summary>An administrator's connection to a PostgreSQL server; the run makes a database of its own there.</summary>
    public required string Postgres { get; init; }

    /// <summary>How many silos, each a process of its own with a front door beside them; 0: one process for both.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>The front door's program; usually that of this build.</summary>
    public string Program { get; init; } = ProgramOfThisBuild();

    internal ChaosLimits Limits => ChaosLimits.For(Duration);

    /// <summary>A folder that gets what each process writes; none if null.</summary>
    public string? LogFolder { get; init; }

    // artifacts/bin/PROJECT/CONFIGURATION is here.
    private static string ProgramOfThisBuild()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(here.Parent!.Parent!.FullName, "StellarPay.Frontdoor", here.Name, "StellarPay.Frontdoor.dll");
    }
}
