using StellarPay.Grains.Money;

namespace StellarPay.Grains.Network;

/// <summary>
/// An operation that the ledger applied (or refused inside an applied transaction) to an account of ours. Where it
/// succeeded, <paramref name="From"/> has paid <paramref name="SourceAmount"/>, or <paramref name="Amount"/> where that is
/// null, and <paramref name="To"/> has received <paramref name="Amount"/>.
/// </summary>
/// <param name="PagingToken">Its total order: ledger, transaction and operation in one number (SEP-35).</param>
/// <param name="TransactionHash">The transaction's hash in lower-case hex; the fee-bump's where it is one.</param>
/// <param name="InnerTransactionHash">The inner transaction's hash where it was fee-bumped, else null.</param>
/// <param name="Successful">Whether its transaction succeeded; one that did not has moved nothing.</param>
/// <param name="Type">Horizon's name of the operation: <c>payment</c>, <c>create_account</c> …</param>
/// <param name="From">The account that paid, or null: nobody pays what is claimed.</param>
/// <param name="To">The account that was paid, or null: nobody has what only can be claimed, or was clawed back.</param>
/// <param name="Amount">What arrived, or null where nothing did.</param>
/// <param name="Memo">The transaction's memo as people are shown it: escaped where it is not clean text, base64 for a hash; or null.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When the ledger closed.</param>
/// <param name="SourceAmount">What was paid, where that is not <paramref name="Amount"/>: the sending side of a path payment.</param>
/// <param name="FromMuxed">The payer's <c>M…</c> address where one was used (SEP-23), else null.</param>
/// <param name="ToMuxed">The receiver's <c>M…</c> address where one was used (SEP-23), else null.</param>
/// <param name="BalanceId">The claimable balance that it created, claimed or clawed back, in hex; else null.</param>
/// <param name="Claimants">Who may claim what it created; else null.</param>
/// <param name="MemoType">The kind of the memo: <c>text</c>, <c>id</c>, <c>hash</c>, <c>return</c>; null without one.</param>
/// <param name="Creator">Who created the balance that it claimed or clawed back, where that is known; else null.</param>
/// <param name="Transfers">All that a contract call moved, instead of the one movement above; else null.</param>
/// <param name="Trustline">What an issuer let a holder do, or did not any more; else null. Such an operation moves nothing.</param>
/// <param name="ClaimableFrom">
/// From when on, by the network's clock, each of <paramref name="Claimants"/> may claim, in their order and not before the ledger
/// closed; null in it is never. Null where that is not known.
/// </param>
[GenerateSerializer, Immutable, Alias("sp.LedgerOperation")]
public sealed record LedgerOperation(
    [property: Id(0)] long PagingToken,
    [property: Id(1)] string TransactionHash,
    [property: Id(2)] string? InnerTransactionHash,
    [property: Id(3)] bool Successful,
    [property: Id(4)] string Type,
    [property: Id(5)] string? From,
    [property: Id(6)] string? To,
    [property: Id(7)] Amount? Amount,
    [property: Id(8)] string? Memo,
    [property: Id(9)] long Ledger,
    [property: Id(10)] DateTimeOffset ClosedAt,
    [property: Id(11)] Amount? SourceAmount = null,
    [property: Id(12)] string? FromMuxed = null,
    [property: Id(13)] string? ToMuxed = null,
    [property: Id(14)] string? BalanceId = null,
    [property: Id(15)] string[]? Claimants = null,
    [property: Id(16)] string? MemoType = null,
    [property: Id(17)] string? Creator = null,
    [property: Id(18)] LedgerTransfer[]? Transfers = null,
    [property: Id(19)] LedgerTrustline? Trustline = null,
    [property: Id(20)] DateTimeOffset?[]? ClaimableFrom = null)
{
    /// <summary>Everything that it moved; nothing where its transaction failed.</summary>
    public IEnumerable<LedgerTransfer> Movements()
    {
        if (!Successful)
        {
            return [];
        }

        return Transfers ?? (Amount is { } amount ? [new LedgerTransfer(From, To, SourceAmount ?? amount, amount)] : []);
    }

    /// <summary>
    /// One operation for each movement of a contract call, each as if it were all; any other operation as it is. So no
    /// call is too large to be taken in.
    /// </summary>
    public IEnumerable<LedgerOperation> Split() => Transfers is null
        ? [this]
        : Transfers.Select(transfer => this with
        {
            Transfers = null,
            From = transfer.From,
            To = transfer.To,
            ToMuxed = transfer.ToMuxed,
            Amount = transfer.Received,
            SourceAmount = transfer.Sent == transfer.Received ? null : transfer.Sent,
        });

    /// <summary>Every account that it concerns: payers, receivers, and those who may or could claim.</summary>
    public IEnumerable<string> Accounts() => new[] { From, To, Creator, Trustline?.Holder }
        .Concat(Claimants ?? [])
        .Concat((Transfers ?? []).SelectMany(transfer => new[] { transfer.From, transfer.To }))
        .OfType<string>();
}

/// <summary>One movement on the ledger.</summary>
/// <param name="From">Who paid, or null.</param>
/// <param name="To">Who received, or null.</param>
/// <param name="Sent">What the payer paid.</param>
/// <param name="Received">What the receiver received.</param>
/// <param name="ToMuxed">The receiver's <c>M…</c> address where one was used (SEP-23), else null.</param>
[GenerateSerializer, Immutable, Alias("sp.LedgerTransfer")]
public sealed record LedgerTransfer(
    [property: Id(0)] string? From,
    [property: Id(1)] string? To,
    [property: Id(2)] Amount Sent,
    [property: Id(3)] Amount Received,
    [property: Id(4)] string? ToMuxed = null);

/// <summary>What an issuer lets a holder of its asset do (CAP-18).</summary>
/// <param name="Holder">The account whose trustline it is.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Authorized">Whether the holder can send and receive it from now on.</param>
[GenerateSerializer, Immutable, Alias("sp.LedgerTrustline")]
public sealed record LedgerTrustline(
    [property: Id(0)] string Holder,
    [property: Id(1)] Asset Asset,
    [property: Id(2)] bool Authorized);
