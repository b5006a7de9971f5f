using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>
/// Reads requests of links. A link is the order for sessions: whatever a session would refuse is refused here, where its merchant reads it
/// and not a payer.
/// </summary>
internal static class PaymentLinkForm
{
    /// <summary>The note of a session that names its link.</summary>
    public const string Note = "payment_link";

    private const int MostNotes = 49;
    private const int MostStock = 1_000_000;

    /// <summary>The terms; or what is wrong with them.</summary>
    public static (LinkTerms? Terms, Problem? Problem) Read(
        NewPaymentLinkRequest request, SessionAssets assets, bool isLive, DateTimeOffset now)
    {
        if (LinkNames.TryReadAmount(request.AmountType) is not { } type)
        {
            return (null, Problem.Invalid("amount_type_invalid", "'amount_type' is fixed, chosen or suggested.", "amount_type"));
        }

        var (url, problem) = ReadUrl(request);
        problem ??= CheckAmounts(request, type) ?? CheckRest(request, now);
        if (problem is not null)
        {
            return (null, problem);
        }

        var (first, wrong) = ReadAmount(request, type, url, assets, isLive);
        (var minimum, wrong) = wrong is null ? ReadBound(request, request.MinimumDecimal, "minimum_decimal", assets, isLive) : (null, wrong);
        (var maximum, wrong) = wrong is null ? ReadBound(request, request.MaximumDecimal, "maximum_decimal", assets, isLive) : (null, wrong);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        long? amount = type == LinkAmount.Chosen ? null : first!.Order.Amount;
        if (minimum > maximum)
        {
            return (null, Problem.Invalid("maximum_decimal_invalid", "'maximum_decimal' is not less than 'minimum_decimal'.", "maximum_decimal"));
        }

        return amount < minimum || amount > maximum
            ? (null, Problem.Invalid("amount_invalid", "What is suggested is not within the bounds.", NameOf(request)))
            : (new LinkTerms(
                first!.Order.Currency, type, amount, minimum, maximum, first.Order.Assets, request.Description, first.Order.SuccessUrl,
                request.OfferDedicatedAddress is true),
                null);
    }

    /// <summary>What a session of a link is asked for.</summary>
    /// <param name="link">The link.</param>
    /// <param name="amount">How much, as a decimal string.</param>
    /// <param name="holdSeconds">For how long it keeps a piece of a stock from others.</param>
    public static NewPaymentSessionRequest SessionOf(PaymentLink link, string amount, int holdSeconds) => new(
        Amount: null, amount, link.Terms.Currency, link.Terms.Assets, link.Stock is null ? null : holdSeconds, AmountToleranceBps: null,
        link.Terms.SuccessUrl, CancelUrl: null, CustomerEmail: null, link.Terms.Description, LineItems: null,
        NotesOf(link.Metadata, link.Id.Value), OfferDedicatedAddress: link.Terms.OffersAddress);

    private static Dictionary<string, string> NotesOf(IReadOnlyDictionary<string, string>? metadata, string id) =>
        new(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [Note] = id };

    private static string NameOf(NewPaymentLinkRequest request) => request.Amount is null ? "amount_decimal" : "amount";

    private static (string? Url, Problem? Problem) ReadUrl(NewPaymentLinkRequest request)
    {
        const string param = "after_completion";
        return request.AfterCompletion switch
        {
            null or { Type: "hosted_confirmation", Redirect: null } => (request.SuccessUrl, null),
            { Type: "redirect", Redirect.Url: { } url } => request.SuccessUrl is null || request.SuccessUrl == url
                ? (url, null)
                : (null, Problem.Invalid("after_completion_invalid", "'success_url' and 'after_completion' say the same: send one of them.", param)),
            _ => (null, Problem.Invalid(
                "after_completion_invalid", "'after_completion' has the type hosted_confirmation, or redirect with a 'redirect[url]'.", param)),
        };
    }

    private static Problem? CheckAmounts(NewPaymentLinkRequest request, LinkAmount type) => type switch
    {
        LinkAmount.Chosen when request.Amount is not null || request.AmountDecimal is not null => Problem.Invalid(
            "amount_invalid", "Where the payer chooses there is no amount; to propose one, say that it is suggested.", NameOf(request)),
        LinkAmount.Fixed when request.MinimumDecimal is not null || request.MaximumDecimal is not null => Problem.Invalid(
            "amount_type_invalid", "A fixed amount has no bounds.", "amount_type"),
        _ => null,
    };

    private static Problem? CheckRest(NewPaymentLinkRequest request, DateTimeOffset now) =>
        request.Stock is < 1 or > MostStock
            ? Problem.Invalid("stock_invalid", $"'stock' is 1 to {MostStock}.", "stock")
        // A piece is held for minutes; from an exchange money comes later than that, to an address that is gone.
        : request is { OfferDedicatedAddress: true, Stock: not null }
            ? Problem.Invalid(
                "offer_dedicated_address_invalid", "'offer_dedicated_address' is not for links with a 'stock': a piece is held for too short a time.",
                "offer_dedicated_address")
        : request.ExpiresAt <= now
            ? Problem.Invalid("expires_at_invalid", "'expires_at' is to come.", "expires_at")
        : request.Metadata is { } notes && (notes.Count > MostNotes || notes.ContainsKey(Note))
            ? Problem.Invalid("metadata_invalid", $"'metadata' has at most {MostNotes} texts, and none by the name {Note}, which is the link's id.", "metadata")
        : null;

    // Where the payer chooses, by what he may choose for certain: all else of it is looked at with it.
    private static (PaymentSessionForm? Form, Problem? Problem) ReadAmount(
        NewPaymentLinkRequest request, LinkAmount type, string? url, SessionAssets assets, bool isLive) => PaymentSessionForm.Read(
        new NewPaymentSessionRequest(
            request.Amount, type == LinkAmount.Chosen ? "1" : request.AmountDecimal, request.Currency, request.Assets, ExpiresIn: null,
            AmountToleranceBps: null, url, CancelUrl: null, CustomerEmail: null, request.Description, LineItems: null,
            NotesOf(request.Metadata, $"{PaymentLinkId.Prefix}000000000000000000000000")),
        assets, isLive);

    private static (long? Amount, Problem? Problem) ReadBound(
        NewPaymentLinkRequest request, string? text, string param, SessionAssets assets, bool isLive)
    {
        if (text is null)
        {
            return (null, null);
        }

        var (form, problem) = PaymentSessionForm.Read(
            new NewPaymentSessionRequest(
                null, text, request.Currency, request.Assets, null, null, null, null, null, null, null, null),
            assets, isLive);
        return form is null
            ? (null, problem!.Param == "amount_decimal"
                ? Problem.Invalid($"{param}_invalid", problem.Message.Replace("amount_decimal", param, StringComparison.Ordinal), param)
                : problem)
            : (form.Order.Amount, null);
    }
}
