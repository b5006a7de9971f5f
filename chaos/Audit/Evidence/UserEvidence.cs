namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>What a user is shown at the end.</summary>
/// <param name="Number">The user's number in the run, as in the observations.</param>
/// <param name="UserId">The user.</param>
/// <param name="WalletId">The user's wallet.</param>
/// <param name="Address">The wallet's account.</param>
/// <param name="Balances">Each asset's balance, reserved and spendable, in stroops; the asset as <c>native</c> or <c>CODE:ISSUER</c>.</param>
/// <param name="Payments">Each of the user's payments by its own address.</param>
/// <param name="History">The whole list of transactions: id, direction and status.</param>
internal sealed record UserEvidence(
    int Number,
    string UserId,
    string WalletId,
    string Address,
    IReadOnlyDictionary<string, ShownBalance> Balances,
    IReadOnlyDictionary<string, ShownPayment> Payments,
    IReadOnlyList<ShownTransaction> History);

/// <summary>A balance as it is shown.</summary>
internal sealed record ShownBalance(long Balance, long Reserved, long Spendable);

/// <summary>A payment as it is shown.</summary>
internal sealed record ShownPayment(string Status, string? TransactionHash, long? Ledger, long Stroops);

/// <summary>A line of the history as it is shown.</summary>
internal sealed record ShownTransaction(string Id, string Direction, string Status, long Stroops);
