using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Json;

/// <summary>How many a page has.</summary>
internal static class PageLimit
{
    private const int Usual = 10;
    private const int Most = IPaymentHistory.MaxLimit;

    /// <summary>Reads <c>limit</c>: 1 to 100, and 10 if it is left out. Null if it can be read.</summary>
    public static Problem? Read(int? limit, out int wanted)
    {
        wanted = limit ?? Usual;
        return wanted is < 1 or > Most
            ? Problem.Invalid("parameter_invalid", $"'limit' is from 1 to {Most}.", "limit")
            : null;
    }
}
