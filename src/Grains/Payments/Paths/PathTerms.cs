using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>What a request for a path payment asks for besides a payment's terms.</summary>
/// <param name="Source">What the payer spends.</param>
/// <param name="SourceStroops">Exactly how much of it, or null where the amount that arrives is exact.</param>
/// <param name="SlippageBasisPoints">How much worse than quoted the price may become, in hundredths of a percent.</param>
internal sealed record PathTerms(Asset Source, long? SourceStroops, int SlippageBasisPoints)
{
    public PaymentMethod Method => SourceStroops is null ? PaymentMethod.PathStrictReceive : PaymentMethod.PathStrictSend;
}

/// <summary>The price of a path payment, with its bounds. Amounts are stroops.</summary>
/// <param name="SourceStroops">What the payer sends by the quote.</param>
/// <param name="SourceMaxStroops">The most that the payer sends.</param>
/// <param name="Stroops">What the recipient gets by the quote.</param>
/// <param name="MinStroops">The least that the recipient gets.</param>
/// <param name="Hops">The assets in between, in canonical form.</param>
internal sealed record PathPrice(
    long SourceStroops, long SourceMaxStroops, long Stroops, long MinStroops, IReadOnlyList<string> Hops)
{
    public PathRecord ToRecord(PathTerms terms) => new()
    {
        SourceAsset = terms.Source.Canonical,
        SourceStroops = SourceStroops,
        SourceMaxStroops = SourceMaxStroops,
        MinStroops = MinStroops,
        Hops = [.. Hops],
    };
}
