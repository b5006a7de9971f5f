using StellarPay.Grains.Network;

namespace StellarPay.Grains.Books;

/// <summary>Holds accounts' books against the chain.</summary>
/// <param name="books">The journal.</param>
/// <param name="account">An account as the chain shows it; null where there is none.</param>
/// <param name="time">The system's clock.</param>
public sealed class Reconciliation(
    IBooks books, Func<string, CancellationToken, Task<NetworkAccount?>> account, TimeProvider time)
{
    /// <summary>How many accounts are read at once.</summary>
    public const int PageSize = 100;

    // What differs is looked at again before it is said: Horizon may be a replica that is behind.
    private const int Looks = 4;
    private const int AtOnce = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Compares accounts; what is not ours is passed over.</summary>
    /// <exception cref="NetworkUnavailableException">The chain does not answer.</exception>
    public async Task<IReadOnlyList<AccountComparison>> CompareAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, AccountComparison>(StringComparer.Ordinal);
        IReadOnlyCollection<string> left = addresses;
        for (var look = 1; look <= Looks && left.Count > 0; look++)
        {
            if (look > 1)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }

            foreach (var comparison in await LookAsync(left, cancellationToken))
            {
                told[comparison.Address] = comparison;
            }

            left = [.. left.Where(address => told.TryGetValue(address, out var one) && NeedsAnother(one))];
        }

        return [.. told.Values.OrderBy(comparison => comparison.Address, StringComparer.Ordinal)];
    }

    private static bool NeedsAnother(AccountComparison comparison) =>
        comparison.Differences.Count > 0 || comparison.Unclear is AccountComparison.Behind or AccountComparison.Moved;

    private async Task<IReadOnlyList<AccountComparison>> LookAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var compared = new List<AccountComparison>();
        foreach (var page in addresses.Chunk(PageSize))
        {
            // In this order: what the chain shows of an account that no later ledger changed is what it was when the books were read.
            var view = await books.ReadAsync(page, cancellationToken);
            foreach (var some in view.Accounts.Chunk(AtOnce))
            {
                var seen = await Task.WhenAll(some.Select(booked => account(booked.Address, cancellationToken)));
                compared.AddRange(some.Select((booked, at) => AccountComparison.Of(booked, view.Ledger, seen[at])));
            }
        }

        return compared;
    }
}
