using System.Text.Json.Serialization;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>A business that wants to be paid.</summary>
/// <param name="BusinessName">What it is called: 1 to 100 characters. Payers read it.</param>
/// <param name="Email">Where it is reached; one that the caller has not confirmed as his own is sent a code.</param>
/// <param name="Country">Where it is: an ISO 3166 code of two letters, such as <c>DE</c>.</param>
/// <param name="StatementDescriptor">What payers' statements say: 5 to 22 Latin characters.</param>
/// <param name="Website">An https URL, or null.</param>
/// <param name="BusinessType"><c>individual</c>, <c>company</c>, <c>non_profit</c> or <c>government_entity</c>, or null.</param>
/// <param name="RegistrationNumber">Its number in the register of companies or the like, at most 64 characters, or null.</param>
/// <param name="BrandColor">A colour for pages that payers see, such as <c>#0a7cff</c>, or null.</param>
internal sealed record NewMerchantRequest(
    string? BusinessName, string? Email, string? Country, string? StatementDescriptor, string? Website = null, string? BusinessType = null,
    string? RegistrationNumber = null, string? BrandColor = null);

/// <summary>
/// A change of a business as a JSON merge patch (RFC 7396): what is named is set, null takes away what may be missing, and what is not
/// named stays. Nothing but what is here may be named; its country stays, and its e-mail address is changed by a code that is sent there.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class MerchantChangeRequest
{
    private readonly HashSet<string> _given = [];

    /// <summary>What it is called: 1 to 100 characters.</summary>
    public string? BusinessName
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(BusinessName)));
    }

    /// <summary>What payers' statements say: 5 to 22 Latin characters.</summary>
    public string? StatementDescriptor
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(StatementDescriptor)));
    }

    /// <summary>An https URL.</summary>
    public string? Website
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(Website)));
    }

    /// <summary><c>individual</c>, <c>company</c>, <c>non_profit</c> or <c>government_entity</c>.</summary>
    public string? BusinessType
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(BusinessType)));
    }

    /// <summary>Its number in the register of companies or the like, at most 64 characters.</summary>
    public string? RegistrationNumber
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(RegistrationNumber)));
    }

    /// <summary>A colour for pages that payers see, such as <c>#0a7cff</c>.</summary>
    public string? BrandColor
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(BrandColor)));
    }

    /// <summary>
    /// A picture for pages that payers see: a PNG of 16 to 512 pixels each way and at most 32 KiB, in base64. It is written anew, as
    /// nothing but its pixels.
    /// </summary>
    public string? Logo
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(Logo)));
    }

    /// <summary>
    /// What is done with what comes beyond a payment session's price: <c>keep</c> (it is the business's), <c>refund</c> (it is given back
    /// at once, but what is less than a hundredth of the price, or than ten cents) or <c>hold</c> (until it is refunded or accepted). For
    /// sessions made from then on.
    /// </summary>
    public string? OverPayments
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(OverPayments)));
    }

    /// <summary>
    /// What is done with what comes after a payment session's end: <c>accept</c> (where it could be accepted by a call, and nothing of a
    /// stock was sold by it), <c>refund</c> or <c>hold</c>. For sessions made from then on.
    /// </summary>
    public string? LatePayments
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(LatePayments)));
    }

    /// <summary>
    /// Whether what API keys ask for that moves money must be signed (docs/guides/signed-requests.md), from this answer on. An owner with a
    /// second factor, who has just shown it, says so. People's access tokens are asked for no signature.
    /// </summary>
    public bool? RequireSignedRequests
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(RequireSignedRequests)));
    }

    /// <summary>Whether a field was named, be it as null.</summary>
    public bool Has(string field) => _given.Contains(field);
}

/// <summary>Where a code is to be sent.</summary>
/// <param name="Email">Another e-mail address for the business; null for the one that it has.</param>
internal sealed record MerchantEmailRequest(string? Email);
