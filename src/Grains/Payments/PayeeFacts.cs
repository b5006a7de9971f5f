using StellarPay.Grains.Network;

namespace StellarPay.Grains.Payments;

/// <summary>
/// Accounts that were asked for to be paid, for as long as no newer ledger is known and a ledger takes at most. Another quote for the
/// same payee uses them again. Never for what guards money: they only spare a question, and refuse nobody.
/// </summary>
internal sealed class PayeeFacts(NetworkClock clock, TimeProvider time)
{
    private const int MostAccounts = 10_000;

    private static readonly TimeSpan Ledger = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fact> _facts = new(StringComparer.Ordinal);

    /// <summary>The account if it was asked for just now and can be paid so; else null.</summary>
    public NetworkAccount? Find(QuoteTerms terms)
    {
        lock (_lock)
        {
            return _facts.TryGetValue(terms.Account, out var fact) && fact.Known == clock.Known
                && time.GetElapsedTime(fact.At) < Ledger && DestinationRules.Check(fact.Account, terms) is null
                ? fact.Account
                : null;
        }
    }

    /// <summary>Keeps what the network has answered to a question of a moment.</summary>
    /// <param name="address">The account's address.</param>
    /// <param name="account">The account.</param>
    /// <param name="at">The timestamp when it was asked for.</param>
    public void Keep(string address, NetworkAccount account, long at)
    {
        lock (_lock)
        {
            if (_facts.Count >= MostAccounts)
            {
                _facts.Clear();
            }

            _facts[address] = new Fact(account, at, clock.Known);
        }
    }

    private sealed record Fact(NetworkAccount Account, long At, long? Known);
}
