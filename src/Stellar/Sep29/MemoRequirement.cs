using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep29;

/// <summary>Accounts that ask for a memo on what they receive, such as those that exchanges share among customers.</summary>
/// <remarks>Source: SEP-29.</remarks>
public static class MemoRequirement
{
    /// <summary>Name of the data entry by which an account asks for memos; its value is "1".</summary>
    public const string DataName = "config.memo_required";

    /// <summary>Whether an account asks for a memo.</summary>
    public static bool RequiresMemo(this AccountRecord account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account.Data.TryGetValue(DataName, out var value) && value.AsSpan().SequenceEqual("1"u8);
    }

    /// <summary>
    /// The destinations of payments, path payments and merges that ask for a memo when the transaction has none. Muxed
    /// destinations need none, since their id says who is meant.
    /// </summary>
    /// <param name="transaction">The transaction; of a fee-bump, the inner one.</param>
    /// <param name="horizon">Tells about the destinations; each account is asked for once.</param>
    /// <param name="cancellationToken">Cancels the asking.</param>
    /// <returns>The accounts, in the order of their operations; empty if the transaction may go.</returns>
    /// <exception cref="HorizonException">Horizon could not be read.</exception>
    public static async Task<IReadOnlyList<AccountId>> FindMissingMemosAsync(
        Transaction transaction, HorizonClient horizon, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(horizon);
        var missing = new List<AccountId>();
        if (transaction.Memo.Type != MemoType.None)
        {
            return missing;
        }
        foreach (var destination in transaction.Operations.Select(Destination).OfType<AccountId>().Distinct())
        {
            var account = await horizon.Accounts.GetAsync(destination, cancellationToken).ConfigureAwait(false);
            if (account is not null && account.RequiresMemo())
            {
                missing.Add(destination);
            }
        }
        return missing;
    }

    private static AccountId? Destination(Operation operation)
    {
        MuxedAccount? destination = operation.Body switch
        {
            PaymentOperation payment => payment.Destination,
            PathPaymentStrictSendOperation payment => payment.Destination,
            PathPaymentStrictReceiveOperation payment => payment.Destination,
            AccountMergeOperation merge => merge.Destination,
            _ => null,
        };
        return destination is { Id: null } plain ? plain.AccountId : null;
    }
}
