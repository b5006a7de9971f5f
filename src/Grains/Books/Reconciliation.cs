using StellarPay.Grains.Network;

namespace StellarPay.Grains.Books;

/// <summary>Holds accounts' books against the chain.</summary>
/// <param name="books">The journal.</param>
/// <param name="account">An account as the chain shows it; null where there is none.</param>
/// <param name="latest">The latest ledger of whoever shows it.</param>
/// <param name="time">The system's clock.</param>
public sealed class Reconciliation(
    IBooks books, Func<string, CancellationToken, Task<NetworkAccount?>> account, Func<CancellationToken, Task<long>> latest,
    TimeProvider time)
{
    /// <summary>Asks the network.</summary>
    public Reconciliation(IBooks books, INetworkQuestions network, TimeProvider time)
        : this(books, network.GetAccountAsync, async token => (await network.GetLatestLedgerAsync(token)).Sequence, time)
    {
    }

    /// <summary>How many accounts are read at once.</summary>
    public const int PageSize = 100;

    // What differs is looked at again before it is said: Horizon may be a replica that is behind.
    private const int Looks = 4;
    private const int AtOnce = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Compares accounts; what is not ours is passed over. Of an account that could not be read it is said why, and the others are
    /// compared.
    /// </summary>
    /// <exception cref="NetworkUnavailableException">The chain does not answer at all.</exception>
    public async Task<IReadOnlyList<AccountComparison>> CompareAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, AccountComparison>(StringComparer.Ordinal);
        var absences = new Dictionary<(string Address, string Asset), long>();
        IReadOnlyCollection<string> left = addresses;
        for (var look = 1; look <= Looks && left.Count > 0; look++)
        {
            if (look > 1)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }

            foreach (var page in left.Chunk(PageSize))
            {
                foreach (var comparison in await LookAsync(page, absences, cancellationToken))
                {
                    told[comparison.Address] = comparison;
                }
            }

            left = [.. left.Where(address => told.TryGetValue(address, out var one) && NeedsAnother(one))];
        }

        return [.. told.Values.OrderBy(comparison => comparison.Address, StringComparer.Ordinal)];
    }

    // What cannot be read is not looked at again before somebody saw to it; all else may be over in a moment.
    private static bool NeedsAnother(AccountComparison comparison) =>
        comparison.Differences.Count > 0 || comparison.Unclear is not (null or AccountComparison.Unread);

    private async Task<IReadOnlyList<AccountComparison>> LookAsync(
        string[] page, Dictionary<(string Address, string Asset), long> absences, CancellationToken cancellationToken)
    {
        // In this order: what the chain shows of an account that no later ledger changed is what it was when the books were read, if it was
        // shown by one who had that ledger; and what was not there was not there by the ledger that is asked for at the end.
        var view = await books.ReadAsync(page, cancellationToken);
        if (await latest(cancellationToken) < view.Ledger)
        {
            return [.. view.Accounts.Select(booked => AccountComparison.Unknown(booked, view.Ledger, AccountComparison.Late))];
        }

        var shown = new List<Shown>();
        foreach (var some in view.Accounts.Chunk(AtOnce))
        {
            shown.AddRange(await Task.WhenAll(some.Select(booked => ReadAsync(booked, cancellationToken))));
        }

        var by = await latest(cancellationToken);
        return [.. shown.Select(one => CompareOne(one, view.Ledger, by, absences))];
    }

    private async Task<Shown> ReadAsync(BookedAccount booked, CancellationToken cancellationToken)
    {
        try
        {
            return new Shown(booked, await account(booked.Address, cancellationToken), Problem: null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: one account of a hundred must not keep the others from being compared.
            return new Shown(booked, null, $"it could not be read: {exception.Message}");
        }
    }

    private static AccountComparison CompareOne(
        Shown shown, long ledger, long by, Dictionary<(string Address, string Asset), long> absences)
    {
        if (shown.Problem is { } problem)
        {
            return AccountComparison.Unknown(shown.Booked, ledger, problem);
        }

        // What is there has not been absent since an earlier look.
        var address = shown.Booked.Address;
        foreach (var asset in AccountComparison.ChainOf(shown.Account).Keys)
        {
            absences.Remove((address, asset));
        }

        try
        {
            return AccountComparison.Of(
                shown.Booked, ledger, shown.Account,
                asset => absences.TryAdd((address, asset), by) ? by : absences[(address, asset)]);
        }
        catch (OverflowException exception)
        {
            return AccountComparison.Unknown(shown.Booked, ledger, $"its amounts do not add up: {exception.Message}");
        }
    }

    private sealed record Shown(BookedAccount Booked, NetworkAccount? Account, string? Problem);
}
