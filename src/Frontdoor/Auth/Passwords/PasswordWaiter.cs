using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>What waits of one address, the oldest first.</summary>
/// <param name="address">Whose.</param>
/// <param name="arrived">A number that grows with each that begins to wait.</param>
internal sealed class PasswordLine(ClientAddress address, long arrived)
{
    public long Arrived { get; } = arrived;

    public ClientAddress Address { get; } = address;

    public LinkedList<PasswordWaiter> Waiting { get; } = [];
}

/// <summary>A sign-up or login that waits for its turn.</summary>
internal sealed class PasswordWaiter(PasswordLine line, string account)
{
    public PasswordLine Line { get; } = line;

    public string Account { get; } = account;

    /// <summary>Whether its turn came; false where its place was given up or taken.</summary>
    public TaskCompletionSource<bool> Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
