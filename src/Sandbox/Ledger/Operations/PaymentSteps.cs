using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Why a payment fails. The three kinds of payment have these codes in common, by number.</summary>
internal enum PaymentFault
{
    Malformed = -1,
    Underfunded = -2,
    SourceNoTrust = -3,
    SourceNotAuthorized = -4,
    NoDestination = -5,
    NoTrust = -6,
    NotAuthorized = -7,
    LineFull = -8,
    TooFewOffers = -10,
    OfferCrossSelf = -11,
    ConstraintNotMet = -12,
}

/// <summary>What payments and path payments have in common.</summary>
internal static class PaymentSteps
{
    /// <summary>The success of a path payment that nobody looked at.</summary>
    public static readonly PathPaymentSuccess Nothing = new([], new SimplePaymentResult(default, Asset.Native, 0));

    /// <summary>An asset can always go back to its issuer, even one whose account is gone.</summary>
    public static bool ReturnsToIssuer(AccountId destination, Asset sent, Asset received, int pathLength) =>
        !received.IsNative && pathLength == 0 && sent == received && received.Issuer == destination;

    public static PaymentFault? Receive(LedgerState state, AccountId destination, Asset asset, long amount)
    {
        var holding = new Holding(state, destination, asset);
        return !holding.Exists ? PaymentFault.NoTrust
            : !holding.IsAuthorized ? PaymentFault.NotAuthorized
            : !holding.TryAdd(amount) ? PaymentFault.LineFull
            : null;
    }

    public static PaymentFault? Send(LedgerState state, AccountId source, Asset asset, long amount)
    {
        var holding = new Holding(state, source, asset);
        return !holding.Exists ? PaymentFault.SourceNoTrust
            : !holding.IsAuthorized ? PaymentFault.SourceNotAuthorized
            : (asset.IsNative && amount > holding.Available) || !holding.TryAdd(-amount) ? PaymentFault.Underfunded
            : null;
    }
}
