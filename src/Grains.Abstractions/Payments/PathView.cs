using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>
/// The payer's side of a payment that spends another asset than its recipient gets. Amounts are stroops, of the source
/// asset or of the payment's.
/// </summary>
/// <param name="Source">What the payer spends by the quote.</param>
/// <param name="SourceMaxStroops">The most that may leave the wallet.</param>
/// <param name="MinStroops">The least that the recipient gets.</param>
/// <param name="Hops">The assets in between, in canonical form, in order.</param>
/// <param name="SentStroops">What left the wallet by the ledger's word; null until then.</param>
/// <param name="ReceivedStroops">What the recipient got by the ledger's word; null until then.</param>
[GenerateSerializer, Immutable, Alias("sp.PathView")]
public sealed record PathView(
    [property: Id(0)] Amount Source,
    [property: Id(1)] long SourceMaxStroops,
    [property: Id(2)] long MinStroops,
    [property: Id(3)] string[] Hops,
    [property: Id(4)] long? SentStroops = null,
    [property: Id(5)] long? ReceivedStroops = null);
