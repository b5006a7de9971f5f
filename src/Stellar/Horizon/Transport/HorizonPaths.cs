using System.Globalization;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>The paths that depend on a query.</summary>
internal static class HorizonPaths
{
    internal static HorizonPath Transactions(AccountId? account) =>
        new(account is null ? "transactions" : $"accounts/{account}/transactions");

    /// <param name="kind">"operations" or "payments".</param>
    /// <param name="query">Which ones.</param>
    /// <exception cref="ArgumentException">
    /// The query names more than one of account, transaction and ledger.
    /// </exception>
    internal static HorizonPath Operations(string kind, OperationsQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        string[] scopes =
        [
            .. query.Account is { } account ? [$"accounts/{account}/{kind}"] : Array.Empty<string>(),
            .. query.Transaction is { } hash ? [$"transactions/{hash}/{kind}"] : Array.Empty<string>(),
            .. query.Ledger is { } ledger
                ? [string.Create(CultureInfo.InvariantCulture, $"ledgers/{ledger}/{kind}")]
                : Array.Empty<string>(),
        ];
        if (scopes.Length > 1)
        {
            throw new ArgumentException("A query names at most one of account, transaction and ledger.", nameof(query));
        }
        return new HorizonPath(scopes.Length == 0 ? kind : scopes[0])
            .With("join", query.JoinTransactions ? "transactions" : null)
            .WithFlag("include_failed", query.IncludeFailed);
    }
}
