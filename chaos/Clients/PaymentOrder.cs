using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients;

/// <summary>A request for a payment, as it goes over the wire and as it is repeated.</summary>
internal sealed record PaymentOrder(string Recipient, string Asset, string Amount, string? Memo, bool Confirm, string? Key)
{
    public const string Path = "/v1/payments";
    private const decimal StroopsAUnit = 10_000_000m;

    public PaymentBody Body => new(Recipient, Asset, Amount, Memo, Confirm);

    /// <summary>The order that an action describes.</summary>
    public static PaymentOrder Of(PlannedAction action, ChaosUser payee, bool confirm, string? key) => new(
        action.ByAddress ? payee.Address : payee.Email,
        action.Asset,
        Decimal(action.Stroops),
        action.Memo,
        confirm,
        key);

    public static string Decimal(long stroops) =>
        (stroops / StroopsAUnit).ToString("0.#######", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The body of the request; on the wire its names are in camel case.</summary>
internal sealed record PaymentBody(string Recipient, string Asset, string Amount, string? Memo, bool Confirm);
