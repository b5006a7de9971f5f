using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Costs;

/// <summary>
/// What a user has used of a day (UTC) by what locks the platform's XLM, or has it write to strangers. Property names in stored JSON are a
/// contract.
/// </summary>
[GenerateSerializer, Alias("sp.UserDay")]
internal sealed class UserDay
{
    /// <summary>The day.</summary>
    [Id(0)] public DateOnly Day { get; set; }

    /// <summary>How many claimable balances were signed.</summary>
    [Id(1)] public int Claimables { get; set; }

    /// <summary>How many changes of the key were begun.</summary>
    [Id(2)] public int KeyChanges { get; set; }

    /// <summary>How often friendbot was asked.</summary>
    [Id(3)] public int Friendbot { get; set; }

    /// <summary>How often a closed wallet was opened again.</summary>
    [Id(4)] public int Reopenings { get; set; }

    /// <summary>How many operations the payments without a fee have that were signed for the first time.</summary>
    [Id(5)] public int Operations { get; set; }

    /// <summary>How many invitations were made.</summary>
    [Id(6)] public int Invitations { get; set; }

    /// <summary>A wallet's day, to read.</summary>
    public static UserDay Read(WalletState state, DateTimeOffset now) =>
        state.Today is { } today && today.Day == DayOf(now) ? today : new UserDay { Day = DayOf(now) };

    /// <summary>A wallet's day, to count in; stored with the write that follows.</summary>
    public static UserDay Count(WalletState state, DateTimeOffset now) => state.Today = Read(state, now);

    /// <summary>How long it is until the next day.</summary>
    public static TimeSpan UntilTomorrow(DateTimeOffset now) =>
        new DateTimeOffset(DayOf(now).AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) - now;

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
