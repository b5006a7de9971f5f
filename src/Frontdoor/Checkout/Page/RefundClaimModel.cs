namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>Something that came for a session and did not pay for it, as its payer sees it.</summary>
/// <param name="Id">An id for the page.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Facts">Names and values of what is known of it.</param>
/// <param name="Sentences">How it stands.</param>
public sealed record RefundClaimModel(
    string Id, string Kind, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<string> Sentences)
{
    /// <summary>Why nothing was sent when it was asked for just now; null for nothing.</summary>
    public string? Wrong { get; init; }

    /// <summary>What has it sent back; null where nothing does.</summary>
    public RefundAskModel? Ask { get; init; }
}

/// <summary>What has something sent back.</summary>
/// <param name="Url">Where the form goes.</param>
/// <param name="Payer">The account whose payments alone the secret opens; null for all.</param>
/// <param name="Key">With the secret.</param>
/// <param name="Payment">Which payment.</param>
/// <param name="Own">What has to be said of the account that paid; null for nothing.</param>
/// <param name="Text">What the button says.</param>
public sealed record RefundAskModel(string Url, string? Payer, string Key, string Payment, string? Own, string Text);

/// <summary>What has the link to all that mailed to who has paid.</summary>
/// <param name="Url">Where the form goes.</param>
/// <param name="Key">With the secret to pay.</param>
/// <param name="Embed">The key by which the page is in a frame, or null.</param>
public sealed record RefundLinkModel(string Url, string Key, string? Embed);
