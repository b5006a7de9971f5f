using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Exact comparisons of prices.</summary>
internal static class PriceRules
{
    public static Price Inverse(Price price) => new(price.D, price.N);

    public static bool IsAbove(Price a, Price b) => (long)a.N * b.D > (long)a.D * b.N;

    public static bool IsAtLeast(Price a, Price b) => (long)a.N * b.D >= (long)a.D * b.N;
}
