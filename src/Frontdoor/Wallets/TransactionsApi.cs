using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A wallet's history, a page at a time.</summary>
internal static class TransactionsApi
{
    private const int MaxIdLength = 64;

    /// <param name="limit">1 to 100; 10 if it is left out.</param>
    /// <param name="startingAfter">The id of the last entry of the page before.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="history">Reads the history.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<Results<Ok<Page<TransactionJson>>, Problem>> ListAsync(
        int? limit,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "starting_after")] string? startingAfter,
        ClaimsPrincipal caller,
        IPaymentHistory history,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        var wallet = WalletId.Of(caller.UserId());
        HistoryEntry? after = null;
        if (startingAfter is not null)
        {
            after = IsPlain(startingAfter) ? await history.FindAsync(wallet, startingAfter, cancellationToken) : null;
            if (after is null)
            {
                return Problem.Invalid(
                    "parameter_invalid", "'starting_after' is not the id of one of this wallet's transactions.", "starting_after");
            }
        }

        var (entries, hasMore) = await ReadAsync(history, wallet, after?.Cursor, wanted, cancellationToken);
        return TypedResults.Ok(new Page<TransactionJson>("list", [.. entries.Select(TransactionJson.Of)], hasMore));
    }

    // The reader gives a hundred at most, so the one that tells whether there are more may need a look of its own.
    private static async Task<(IEnumerable<HistoryEntry> Entries, bool HasMore)> ReadAsync(
        IPaymentHistory history, WalletId wallet, HistoryCursor? before, int wanted, CancellationToken cancellationToken)
    {
        var asked = Math.Min(wanted + 1, IPaymentHistory.MaxLimit);
        var entries = await history.ReadAsync(wallet, before, asked, cancellationToken);
        if (entries.Count < asked || asked > wanted)
        {
            return (entries.Take(wanted), entries.Count > wanted);
        }

        var next = await history.ReadAsync(wallet, entries[^1].Cursor, 1, cancellationToken);
        return (entries, next.Count > 0);
    }

    private static bool IsPlain(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
