using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Telemetry;

/// <summary>How things stand in the database at a moment.</summary>
internal sealed record Standing(
    IReadOnlyList<Standing.Counted> Parked,
    IReadOnlyList<Standing.Counted> Suspended,
    IReadOnlyList<Standing.Due> Wakeups,
    TimeSpan? EventsHeld,
    IReadOnlyList<Standing.Lag> Projections,
    LedgerClose? Watermark)
{
    /// <summary>Events that a projection could not take in, by projection.</summary>
    public IReadOnlyList<Counted> SetAside { get; init; } = [];

    /// <summary>
    /// What owners told each other and was not taken in: <c>waiting</c> for more than ten seconds, up to a bound, and <c>set_aside</c>.
    /// </summary>
    public IReadOnlyList<Counted> OwnerRows { get; init; } = [];

    /// <summary>The oldest transaction that writes, in any database of the cluster; null where none does or may be seen.</summary>
    public Writer? OldestWriter { get; init; }

    /// <summary>What is wrong with the books: entries that could not be posted, balances that differ from the chain's.</summary>
    public IReadOnlyList<Counted> Books { get; init; } = [];

    /// <summary>How far those are who hold the books against the chain.</summary>
    public Compared? Comparing { get; init; }

    /// <summary>How far those are who hold the books against the chain.</summary>
    /// <param name="Oldest">For how long the account that waits longest was not compared; zero where none waits.</param>
    /// <param name="Address">Which that is.</param>
    /// <param name="Reason">Why it could not be the last time; null where nobody has looked at it.</param>
    /// <param name="Waiting">How many wait, up to a bound.</param>
    /// <param name="Unclear">How many of them were looked at and could not be told.</param>
    /// <param name="Walk">How long the walk over all accounts takes by now; zero where it is over.</param>
    internal sealed record Compared(TimeSpan Oldest, string? Address, string? Reason, long Waiting, long Unclear, TimeSpan Walk);

    /// <summary>A transaction that writes.</summary>
    internal sealed record Writer(string Who, TimeSpan For);

    /// <summary>How many there are of a status.</summary>
    internal sealed record Counted(string Status, long Count);

    /// <summary>Grains of a kind whose time has come, and how many of them should have been woken before now.</summary>
    internal sealed record Due(string StateName, long All, long Late);

    /// <summary>How many events a projection has not taken, up to a bound, and how old the oldest of them is.</summary>
    internal sealed record Lag(string Projection, long Events, TimeSpan Delay);
}
