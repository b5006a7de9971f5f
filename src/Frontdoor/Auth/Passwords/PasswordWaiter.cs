namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>What waits of one owner, the oldest first.</summary>
/// <param name="owner">Whose: a range of addresses, or a user.</param>
/// <param name="arrived">A number that grows with each that begins to wait.</param>
internal sealed class PasswordLine(string owner, long arrived)
{
    public long Arrived { get; } = arrived;

    public string Owner { get; } = owner;

    public LinkedList<PasswordWaiter> Waiting { get; } = [];

    /// <summary>How many wait; or of them, for one account.</summary>
    public int CountOf(string? account) => account is null
        ? Waiting.Count
        : Waiting.Count(waiter => string.Equals(waiter.Account, account, StringComparison.OrdinalIgnoreCase));

    /// <summary>The one that came last; or of those for one account.</summary>
    public PasswordWaiter LastOf(string? account) => account is null
        ? Waiting.Last!.Value
        : Waiting.Last(waiter => string.Equals(waiter.Account, account, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A sign-up or login that waits for its turn.</summary>
internal sealed class PasswordWaiter(PasswordLines lines, PasswordLine line, string account)
{
    public PasswordLines Lines { get; } = lines;

    public PasswordLine Line { get; } = line;

    public string Account { get; } = account;

    /// <summary>Whether its turn came; false where its place was given up or taken.</summary>
    public TaskCompletionSource<bool> Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
