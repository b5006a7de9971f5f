using System.Globalization;
using System.Text;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.TestClocks;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Sessions;
using Currencies = StellarPay.Grains.Sessions.Currencies;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>A merchant's request for a session after it has been checked; or why it will not do, by the field and the rule.</summary>
/// <param name="Order">What is asked of the grain, but for the idempotency key and what is said of the sale.</param>
/// <param name="Details">What is said of the sale; null for nothing.</param>
internal sealed record PaymentSessionForm(NewPaymentSession Order, byte[]? Details)
{
    private const int UsualSeconds = 900;
    private const int FewestSeconds = 60;
    private const int MostSeconds = 86_400;
    private const int MostTolerance = 1_000;
    private const int MostAssets = 10;
    private const int LongestUrl = 2_048;

    /// <summary>Reads a request.</summary>
    /// <param name="request">What came.</param>
    /// <param name="assets">The assets that there are, by code and in canonical form.</param>
    /// <param name="isLive">Whether payments are real here.</param>
    public static (PaymentSessionForm? Form, Problem? Problem) Read(NewPaymentSessionRequest request, SessionAssets assets, bool isLive)
    {
        var (currency, problem) = ReadCurrency(request.Currency, assets);
        (var amount, problem) = problem is null ? ReadAmount(request, currency!) : (0, problem);
        (var taken, problem) = problem is null ? ReadAssets(request.Assets, currency!, assets) : ([], problem);
        (var details, var wrong) = SaleDetailsForm.Read(request);
        string? success = null, cancel = null;
        problem ??= Within(request.ExpiresIn, FewestSeconds, MostSeconds, "expires_in")
            ?? Within(request.AmountToleranceBps, 0, MostTolerance, "amount_tolerance_bps")
            ?? ReadUrl(request.SuccessUrl, "success_url", isLive, out success) ?? ReadUrl(request.CancelUrl, "cancel_url", isLive, out cancel)
            ?? wrong ?? ReadClock(request.TestClock, isLive) ?? ReadOffer(request);
        if (problem is not null)
        {
            return (null, problem);
        }

        var order = new NewPaymentSession(
            currency!, amount, taken, TimeSpan.FromSeconds(request.ExpiresIn ?? UsualSeconds), request.AmountToleranceBps ?? 0,
            success, cancel, Details: null, IdempotencyKey: null, Fingerprint: "", TestClock: request.TestClock,
            OffersAddress: request.OfferDedicatedAddress is true);
        return (new PaymentSessionForm(order, details), null);
    }

    /// <summary>What makes two requests the same.</summary>
    public string?[] Fields() =>
    [
        Order.Currency, Order.Amount.ToString(CultureInfo.InvariantCulture), string.Join(',', Order.Assets),
        Order.ExpiresIn.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        Order.ToleranceBasisPoints.ToString(CultureInfo.InvariantCulture), Order.SuccessUrl, Order.CancelUrl,
        Order.TestClock, Order.OffersAddress ? "dedicated" : null,
        Details is null ? null : Encoding.UTF8.GetString(Details),
    ];

    private static (string? Currency, Problem? Problem) ReadCurrency(string? text, SessionAssets assets)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, Problem.Missing("currency"));
        }

        return assets.Find(text) is { } asset
            ? (asset, null)
            : Currencies.IsCode(text)
                ? (text, null)
                : (null, Problem.Invalid(
                    "currency_invalid", $"'currency' is an ISO 4217 code in capitals, such as EUR, or one of {assets.Names}.", "currency"));
    }

    private static (long Amount, Problem? Problem) ReadAmount(NewPaymentSessionRequest request, string currency)
    {
        switch (request)
        {
            case { Amount: null, AmountDecimal: null }:
                return (0, Problem.Missing(Currencies.IsCode(currency) ? "amount" : "amount_decimal"));
            case { Amount: not null, AmountDecimal: not null }:
                return (0, Problem.Invalid("amount_invalid", "'amount' and 'amount_decimal' say the same: send one of them.", "amount_decimal"));
            case { Amount: { } minor }:
                if (!Currencies.IsCode(currency))
                {
                    return (0, Problem.Invalid("amount_invalid", "A price in an asset is a decimal string: 'amount_decimal'.", "amount"));
                }

                return minor is > 0 && minor <= long.MaxValue / Currencies.UnitOf(currency)
                    ? (minor * Currencies.UnitOf(currency), null)
                    : (0, Problem.Invalid("amount_invalid", "'amount' is a whole number above zero.", "amount"));
            default:
                var unit = Currencies.IsCode(currency) ? Currencies.UnitOf(currency) : 1;
                return Amount.TryParseStroops(request.AmountDecimal, out var amount) && amount > 0 && amount % unit == 0
                    ? (amount, null)
                    : (0, Problem.Invalid(
                        "amount_invalid",
                        $"'amount_decimal' is a decimal string above zero with at most {(unit == 1 ? 7 : Currencies.DecimalsOf(currency))} places.",
                        "amount_decimal"));
        }
    }

    private static (string[] Assets, Problem? Problem) ReadAssets(string[]? texts, string currency, SessionAssets assets)
    {
        if (texts is null)
        {
            return (Currencies.IsCode(currency) ? assets.Usual : [currency], null);
        }

        string?[] found = [.. texts.Select(text => text is null ? null : assets.Find(text))];
        return found.Length is > 0 and <= MostAssets && !found.Contains(null) && found.Distinct().Count() == found.Length
            ? ([.. found.OfType<string>()], null)
            : ([], Problem.Invalid("assets_invalid", $"'assets' names 1 to {MostAssets} of {assets.Names}, each once.", "assets"));
    }

    private static Problem? ReadClock(string? text, bool isLive) => text switch
    {
        null => null,
        _ when isLive => TestClocksApi.OnlyInTestMode("test_clock"),
        _ when !TestClockId.TryParse(text, out _) => TestClocksApi.NoSuchClock("test_clock"),
        _ => null,
    };

    // What its account is told is on the network's time.
    private static Problem? ReadOffer(NewPaymentSessionRequest request) =>
        request is { OfferDedicatedAddress: true, TestClock: not null }
            ? Problem.Invalid(
                "offer_dedicated_address_invalid", "'offer_dedicated_address' is not for sessions that live by a test clock.",
                "offer_dedicated_address")
            : null;

    private static Problem? Within(int? value, int least, int most, string param) => value is null || (value >= least && value <= most)
        ? null
        : Problem.Invalid($"{param}_invalid", $"'{param}' is {least} to {most}.", param);

    // As it was checked, not as it was typed, but for the places that are filled in later: what a browser is sent to has no character in it
    // that only looks like nothing.
    private static Problem? ReadUrl(string? text, string param, bool isLive, out string? url)
    {
        url = null;
        if (text is null)
        {
            return null;
        }

        if (text.Length > LongestUrl || !WebAddress.TryRead(text, isLive, out var address) || address.Length > LongestUrl)
        {
            return Problem.Invalid(
                $"{param}_invalid", $"'{param}' is an https URL without a name or password in it, of at most {LongestUrl} bytes.", param);
        }

        url = ReturnUrl.KeepPlaces(address);
        return null;
    }
}
