using Microsoft.AspNetCore.WebUtilities;

namespace StellarPay.Frontdoor.Checkout.RefundClaims;

/// <summary>
/// Where the page is on which what is held for payers is claimed. All of it is made here: nothing leads where a request says.
/// </summary>
/// <param name="Id">The session.</param>
/// <param name="Payer">The account whose payments alone the secret opens; null for all.</param>
/// <param name="Key">Its secret for that.</param>
/// <param name="Language">The language that was asked for, or null for the browser's.</param>
internal sealed record RefundClaimLinks(string Id, string? Payer, string Key, string? Language)
{
    /// <summary>By what the page's address says why nothing was sent.</summary>
    public const string Why = "why";

    /// <summary>By what it says of which payment.</summary>
    public const string Payment = "payment";

    /// <summary>By what it, and a claim, says whose payments alone.</summary>
    public const string PayerName = "payer";

    /// <summary>By what a claim says that the account that paid is one's own.</summary>
    public const string OwnAccount = "own_account";

    /// <summary>What it says then.</summary>
    public const string Yes = "yes";

    /// <summary>Where a claim goes.</summary>
    public string Action => With(("lang", Language));

    /// <summary>The page.</summary>
    /// <param name="payment">Of which payment something is to be said, or null.</param>
    /// <param name="why">Why nothing of it was sent.</param>
    public string Page(string? payment = null, string? why = null) =>
        With((PayerName, Payer), ("key", Key), (Payment, payment), (Why, RefundClaimReasons.Written(why)), ("lang", Language));

    /// <summary>The same in another language.</summary>
    public string In(string language) => With((PayerName, Payer), ("key", Key), ("lang", language));

    private string With(params (string Name, string? Value)[] query) => QueryHelpers.AddQueryString(
        $"/checkout/{Id}/refund",
        query.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Name, each.Value)));
}
