using System.Text.Json.Serialization;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// A deposit that nobody was expecting, on its way into the list of <see cref="ISuspense"/>: it is entered by the write that
/// takes its row out of the inbox, so that neither can be without the other. Members as in <see cref="SuspendedDeposit"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("sp.DepositMark")]
internal sealed record DepositMark(
    [property: Id(0)] string Id,
    [property: Id(1)] long PagingToken,
    [property: Id(2)] long Ledger,
    [property: Id(3)] string TransactionHash,
    [property: Id(4)] string Account,
    [property: Id(5)] string AccountKey,
    [property: Id(6)] string Asset,
    [property: Id(7)] long Stroops,
    [property: Id(8)] string? Sender,
    [property: Id(9)] string? SenderMuxed,
    [property: Id(10)] string? AccountMuxed,
    [property: Id(11)] string? Memo,
    [property: Id(12)] string? MemoType,
    [property: Id(13)] DateTimeOffset ReceivedAt)
{
    /// <summary>Of how many deposits it is the sum: more than one only of dust. Not stored.</summary>
    [Id(14), JsonIgnore]
    public int Deposits { get; init; } = 1;

    /// <summary>Whether other dust can be added to it.</summary>
    [JsonIgnore]
    public bool IsDust => Deposits > 1 || Dust.Is(Stroops);

    /// <summary>The sum of this and one that came later: of no one sender.</summary>
    public DepositMark With(DepositMark later) => later with
    {
        Stroops = checked(Stroops + later.Stroops), Deposits = Deposits + later.Deposits,
        Sender = null, SenderMuxed = null, AccountMuxed = null, Memo = null, MemoType = null,
    };
}

/// <summary>
/// A deposit that moves on, with the write of the suspense account's state: so its transaction is stored when it stands at
/// sending, and never else. Where it does not stand at <paramref name="From"/>, the whole write is refused.
/// </summary>
/// <param name="Id">The deposit.</param>
/// <param name="From">Where it stands.</param>
/// <param name="To">Where it will stand.</param>
/// <param name="Decision">What was decided.</param>
[GenerateSerializer, Immutable, Alias("sp.DepositMove")]
internal sealed record DepositMove(
    [property: Id(0)] string Id,
    [property: Id(1), JsonConverter(typeof(SuspenseStatusConverter))] SuspenseStatus From,
    [property: Id(2), JsonConverter(typeof(SuspenseStatusConverter))] SuspenseStatus To,
    [property: Id(3)] SuspenseDecision Decision);
