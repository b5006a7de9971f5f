using Microsoft.AspNetCore.WebUtilities;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// Where the pages are on which a session is paid from a wallet here. All of it is made here: nothing leads where a request says.
/// </summary>
/// <param name="Id">The session.</param>
/// <param name="Key">Its secret.</param>
/// <param name="Asset">In what the payer wants to pay, or null.</param>
/// <param name="Language">The language that he asks for, or null for his browser's.</param>
internal sealed record WalletPayLinks(string Id, string Key, string? Asset, string? Language)
{
    /// <summary>By what a page's address says why it is shown.</summary>
    public const string Why = "why";

    /// <summary>By what it names a quote.</summary>
    public const string Payment = "payment";

    private string Folder => $"/checkout/{Id}/wallet";

    /// <summary>The session's own page.</summary>
    public string Checkout => With($"/checkout/{Id}", ("key", Key), ("lang", Language));

    /// <summary>The page on which he logs in, chooses and confirms.</summary>
    public string Page(string? payment = null, string? why = null) =>
        With(Folder, ("key", Key), ("asset", Asset), (Payment, payment), (Why, WalletPayReasons.Written(why)), ("lang", Language));

    /// <summary>Where a form goes.</summary>
    public string Action(string step) => With($"{Folder}/{step}", ("lang", Language));

    private static string With(string path, params (string Name, string? Value)[] query) => QueryHelpers.AddQueryString(
        path, query.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Name, each.Value)));
}
