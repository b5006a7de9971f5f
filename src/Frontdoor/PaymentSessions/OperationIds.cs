using System.Globalization;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Network;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>Payments as callers name them: by the <c>operation_id</c> that they were shown.</summary>
internal static class OperationIds
{
    /// <summary>What is said of a text that names none.</summary>
    public static Problem Invalid { get; } =
        Problem.Invalid("payment_invalid", "'payment' is the 'operation_id' of one of the session's payments.", "payment");

    /// <summary>Where the ledger holds it; null where the text is no such id.</summary>
    public static LedgerPlace? Find(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var token)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new LedgerPlace(token, number)
                : null;
    }
}
