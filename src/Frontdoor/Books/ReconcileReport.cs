using StellarPay.Grains.Books;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Books;

/// <summary>Says in sentences what the books say, and whether the chain says so too.</summary>
internal sealed class ReconcileReport(IBooks books, TextWriter output)
{
    /// <summary>The chain says something else, or the journal is not as it was written.</summary>
    public const int Differs = 1;

    /// <summary>The command was not understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>Nothing differs, but of some accounts it could not be told.</summary>
    public const int NotCompared = 3;

    private const int PageSize = 500;

    /// <summary>Prints balances at a past time.</summary>
    public async Task<int> BalancesAsync(DateTimeOffset at, string? owner, CancellationToken cancellationToken)
    {
        foreach (var balance in await books.ReadBalancesAsync(at, owner, cancellationToken))
        {
            await output.WriteLineAsync($"{balance.Account} {balance.Owner} {balance.Asset} {Amount.Format(balance.Stroops)}");
        }

        return 0;
    }

    /// <summary>Compares all accounts, and prints what differs.</summary>
    public async Task<int> CompareAsync(Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        var (accounts, differences, unclear) = (0, 0, 0);
        var after = "";
        while (await books.ListAsync(after, PageSize, cancellationToken) is [.., var last] addresses)
        {
            after = last;
            foreach (var comparison in await reconciliation.CompareAsync(addresses, cancellationToken))
            {
                accounts++;
                differences += comparison.Differences.Count;
                unclear += comparison.Unclear is null ? 0 : 1;
                await SayAsync(comparison);
            }
        }

        var faults = await books.VerifyAsync(cancellationToken);
        foreach (var fault in faults)
        {
            await output.WriteLineAsync($"The journal: {fault}.");
        }

        var unposted = await books.CountUnpostedAsync(cancellationToken);
        await output.WriteLineAsync(
            $"{accounts} accounts, {differences} differences, {unclear} of which it could not be told; "
            + $"{unposted} entries unposted, {faults.Count} faults of the journal.");
        return differences + faults.Count > 0 || unposted > 0 ? Differs : unclear > 0 ? NotCompared : 0;
    }

    private async Task SayAsync(AccountComparison comparison)
    {
        foreach (var difference in comparison.Differences)
        {
            await output.WriteLineAsync(
                $"{comparison.Owner} ({comparison.Address}) at ledger {comparison.Ledger}: {difference.Asset} is "
                + $"{Amount.Format(difference.Chain)} on the ledger and {Amount.Format(difference.Booked)} by the books.");
        }

        if (comparison.Unclear is { } reason)
        {
            await output.WriteLineAsync($"{comparison.Owner} ({comparison.Address}): {reason}.");
        }
    }
}
