using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>What a merchant says of a sale, checked.</summary>
internal static class SaleDetailsForm
{
    private const int LongestDescription = 500;
    private const int MostItems = 100;
    private const int LongestName = 250;
    private const int MostOfOne = 1_000_000;
    private const int MostNotes = 50;
    private const int LongestNoteName = 40;
    private const int LongestNote = 500;

    /// <summary>The bytes that are kept of it; null for nothing.</summary>
    public static (byte[]? Details, Problem? Problem) Read(NewPaymentSessionRequest request)
    {
        string? email = null;
        if (request.CustomerEmail is { } given && !EmailAddress.TryParse(given, out email))
        {
            return (null, Problem.Invalid("customer_email_invalid", "'customer_email' is not an e-mail address.", "customer_email"));
        }

        if (request.Description is { } description && !IsText(description, LongestDescription))
        {
            return (null, Problem.Invalid(
                "description_invalid", $"'description' has 1 to {LongestDescription} characters, and none that is not seen.", "description"));
        }

        if (CheckItems(request.LineItems) is { } wrong)
        {
            return (null, wrong);
        }

        return CheckNotes(request.Metadata) is { } unfit
            ? (null, unfit)
            : Written(new SaleDetailsJson(
            email, request.Description,
            request.LineItems?.Select(item => new LineItemAnswer(item.Name!, item.Quantity ?? 1, item.Amount)).ToArray(),
                request.Metadata));
    }

    /// <summary>The bytes that are kept of a merchant's notes alone; null for none.</summary>
    public static (byte[]? Details, Problem? Problem) ReadMetadata(Dictionary<string, string>? notes) =>
        CheckNotes(notes) is { } unfit ? (null, unfit) : Written(new SaleDetailsJson(Metadata: notes));

    private static Problem? CheckNotes(Dictionary<string, string>? notes) =>
        notes is not null && (notes.Count > MostNotes || notes.Any(note => !IsNote(note)))
            ? Problem.Invalid(
                "metadata_invalid",
                $"'metadata' has at most {MostNotes} texts of at most {LongestNote} characters, by names of 1 to {LongestNoteName} without brackets.",
                "metadata")
            : null;

    /// <summary>The bytes of what is said; null for nothing.</summary>
    public static (byte[]? Details, Problem? Problem) Written(SaleDetailsJson details)
    {
        if (details.IsEmpty)
        {
            return (null, null);
        }

        var bytes = SaleDetailsSeal.Write(details);
        return bytes.Length <= SaleDetailsSeal.MostBytes
            ? (bytes, null)
            : (null, Problem.Invalid(
                "details_too_long",
                $"'description', 'line_items', 'customer_email' and 'metadata' are {bytes.Length} bytes in all, more than {SaleDetailsSeal.MostBytes}.",
                "metadata"));
    }

    private static Problem? CheckItems(LineItemRequest[]? items)
    {
        if (items is null)
        {
            return null;
        }

        if (items.Length > MostItems)
        {
            return Problem.Invalid("line_items_invalid", $"'line_items' has at most {MostItems} items.", "line_items");
        }

        for (var at = 0; at < items.Length; at++)
        {
            var wrong = items[at] switch
            {
                null => "",
                { Name: null } => "[name]",
                { Name: { } name } when !IsText(name, LongestName) => "[name]",
                { Quantity: < 1 or > MostOfOne } => "[quantity]",
                { Amount: { } amount } when !Amount.TryParseStroops(amount, out _) => "[amount]",
                _ => null,
            };
            if (wrong is not null)
            {
                return Problem.Invalid(
                    "line_items_invalid",
                    $"Each of 'line_items' has a 'name' of 1 to {LongestName} characters, a 'quantity' of 1 to {MostOfOne} and perhaps an 'amount', a decimal string.",
                    $"line_items[{at}]{wrong}");
            }
        }

        return null;
    }

    private static bool IsNote(KeyValuePair<string, string> note) =>
        note.Key.Length is > 0 and <= LongestNoteName && !note.Key.AsSpan().ContainsAny('[', ']') && !note.Key.Any(char.IsControl)
        && note.Value is { Length: <= LongestNote } && !note.Value.Contains('\0', StringComparison.Ordinal);

    /// <summary>Whether a text is one, and all of it is seen.</summary>
    public static bool IsText(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);
}
