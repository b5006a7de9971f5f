using StellarPay.Grains.Money;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Frontdoor.Network;

/// <summary>A deposit to an account of the platform that nobody was expecting.</summary>
/// <param name="Object">Always <c>suspense</c>.</param>
/// <param name="Id"><c>sus_…</c>.</param>
/// <param name="Status"><c>open</c>, <c>sending</c>, <c>assigned</c>, <c>returned</c> or <c>kept</c>.</param>
/// <param name="Asset">What it is, in canonical form.</param>
/// <param name="Amount">How much.</param>
/// <param name="Account">The platform's account that has it, muxed where it was so addressed.</param>
/// <param name="Sender">Who sent it, muxed where he said so; or null.</param>
/// <param name="Memo">The transaction's memo, or null.</param>
/// <param name="MemoType">The kind of the memo, or null.</param>
/// <param name="TransactionHash">Its transaction.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="ReceivedAt">When the ledger closed.</param>
/// <param name="Decision">What was decided, or null.</param>
internal sealed record SuspenseJson(
    string Object, string Id, string Status, string Asset, string Amount, string Account, string? Sender, string? Memo,
    string? MemoType, string TransactionHash, long Ledger, DateTimeOffset ReceivedAt, SuspenseDecisionJson? Decision)
{
    public static SuspenseJson Of(SuspendedDeposit deposit) => new(
        "suspense", deposit.Id, StatusWord.Of(deposit.Status), deposit.Asset, Grains.Money.Amount.Format(deposit.Stroops),
        deposit.AccountMuxed ?? deposit.Account, deposit.SenderMuxed ?? deposit.Sender, deposit.Memo, deposit.MemoType,
        deposit.TransactionHash, deposit.Ledger, deposit.ReceivedAt,
        deposit.Decision is { } decision ? SuspenseDecisionJson.Of(decision) : null);
}

/// <summary>What was decided of a deposit.</summary>
/// <param name="Outcome"><c>assigned</c>, <c>returned</c> or <c>kept</c>.</param>
/// <param name="Operator">Who decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="User">Whose wallet gets it, or null.</param>
/// <param name="Destination">Who is paid, or null.</param>
/// <param name="TransactionHash">The transaction that pays, or null.</param>
/// <param name="Ledger">The ledger that holds it, or null.</param>
/// <param name="Failure">Why an attempt came to nothing, or null; the deposit is open again then.</param>
internal sealed record SuspenseDecisionJson(
    string Outcome, string Operator, DateTimeOffset DecidedAt, string? User, string? Destination, string? TransactionHash,
    long? Ledger, string? Failure)
{
    public static SuspenseDecisionJson Of(SuspenseDecision decision) => new(
        StatusWord.Of(decision.Outcome), decision.Operator, decision.DecidedAt, decision.User, decision.Destination, decision.Hash,
        decision.CompletedLedger, decision.Failure);
}
