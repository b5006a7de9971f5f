using StellarPay.Grains.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>Horizon's claimable balances as grains speak of them.</summary>
internal static class Claimables
{
    private const int MaxPages = 5;

    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static ClaimableBalanceId? IdOf(string text) => ClaimableBalanceId.TryParse(text, out var id) ? id : null;

    public static NetworkClaimable Map(ClaimableBalanceRecord balance, AccountId claimant, DateTimeOffset now)
    {
        DateTimeOffset? from = null;
        foreach (var own in balance.Claimants)
        {
            if (own.Destination == claimant)
            {
                from = FirstMet(own.Predicate, now);
            }
        }

        return new NetworkClaimable(balance.Id, balance.Asset.ToString(), balance.Amount, from);
    }

    /// <summary>From when on each may claim what an operation set aside; null where Horizon does not say it of all.</summary>
    public static DateTimeOffset?[]? TimesOf(CreateClaimableBalanceRecord create)
    {
        var times = new List<DateTimeOffset?>();
        foreach (var claimant in create.Claimants)
        {
            if (claimant.Predicate is not { } predicate)
            {
                return null;
            }

            times.Add(FirstMet(predicate.MadeAbsolute(create.CreatedAt.ToUnixTimeSeconds()), create.CreatedAt));
        }

        return [.. times];
    }

    // What is later than the calendar's end is never.
    private static DateTimeOffset? FirstMet(ClaimPredicate predicate, DateTimeOffset from) =>
        predicate.FirstMetFrom(from.ToUnixTimeSeconds()) is { } second && second <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds(second)
            : null;

    public static async Task<NetworkClaimables> ListAsync(
        HorizonClient horizon, AccountId claimant, Asset asset, string? cursor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new List<NetworkClaimable>();
        var query = new PageQuery { Cursor = cursor, Limit = PageQuery.MaxLimit };
        for (var page = 0; page < MaxPages; page++)
        {
            var balances = await horizon.ClaimableBalances.GetPageAsync(claimant, sponsor: null, asset, query, cancellationToken);
            found.AddRange(balances.Records.Select(balance => Map(balance, claimant, now)));
            if (balances.Records.Count < query.Limit)
            {
                return new NetworkClaimables(found, Next: null);
            }

            query = query with { Cursor = balances.Records[^1].PagingToken };
        }

        return new NetworkClaimables(found, query.Cursor);
    }
}
