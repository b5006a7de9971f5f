using System.Text.Json.Serialization;
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
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Claimables { get; set; }

    /// <summary>How many changes of the key were begun.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int KeyChanges { get; set; }

    /// <summary>How often friendbot was asked.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Friendbot { get; set; }

    /// <summary>How often a closed wallet was opened again.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Reopenings { get; set; }

    /// <summary>How many operations the payments without a fee have that were signed for the first time.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Operations { get; set; }

    /// <summary>How many invitations were made.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Invitations { get; set; }

    /// <summary>How many operations of payments with a fee the ledger refused, so that nobody paid for them.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Refused { get; set; }

    /// <summary>The day of a moment, if the wallet still counts in it; null where another has begun.</summary>
    public static UserDay? Find(WalletState state, DateTimeOffset at) =>
        state.Today is { } today && today.Day == DayOf(at) ? today : null;

    /// <summary>A wallet's day, to read.</summary>
    public static UserDay Read(WalletState state, DateTimeOffset now) =>
        Find(state, now) ?? new UserDay { Day = DayOf(now) };

    /// <summary>A wallet's day, to count in; stored with the write that follows.</summary>
    public static UserDay Count(WalletState state, DateTimeOffset now) => state.Today = Read(state, now);

    /// <summary>How long it is until the next day.</summary>
    public static TimeSpan UntilTomorrow(DateTimeOffset now) =>
        new DateTimeOffset(DayOf(now).AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) - now;

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
