namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>What waits of one range of addresses or user, the oldest first.</summary>
/// <param name="name">Whose.</param>
/// <param name="arrived">A number that grows with each that begins to wait.</param>
internal sealed class PasswordLine(string name, long arrived)
{
    public long Arrived { get; } = arrived;

    public string Name { get; } = name;

    public LinkedList<PasswordWaiter> Waiting { get; } = [];

    /// <summary>How many wait; or of them, for one account.</summary>
    public int CountOf(string? account) => account is null ? Waiting.Count : Of(account).Count();

    /// <summary>How many wait of one part; or of them, for one account.</summary>
    public int CountOfPart(string part, string? account) =>
        Of(account).Count(waiter => string.Equals(waiter.Owner.Part, part, StringComparison.Ordinal));

    /// <summary>Those who wait; or of them, for one account.</summary>
    public IEnumerable<PasswordWaiter> Of(string? account) => account is null
        ? Waiting
        : Waiting.Where(waiter => string.Equals(waiter.Account, account, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A sign-up or login that waits for its turn.</summary>
internal sealed class PasswordWaiter(PasswordLines lines, PasswordLine line, PasswordOwner owner, string account)
{
    public PasswordLines Lines { get; } = lines;

    public PasswordLine Line { get; } = line;

    public PasswordOwner Owner { get; } = owner;

    public string Account { get; } = account;

    /// <summary>Whether its turn came; false where its place was given up or taken.</summary>
    public TaskCompletionSource<bool> Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
