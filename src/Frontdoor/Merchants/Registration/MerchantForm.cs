using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Merchants.Logos;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>What is said of a business, after it has been checked: columns and their values, null for what is to be taken away.</summary>
internal sealed partial class MerchantForm
{
    public const string BusinessName = "business_name";
    public const string Descriptor = "statement_descriptor";
    public const string Website = "website";
    public const string RegistrationNumber = "registration_number";
    public const string BusinessType = "business_type";
    public const string BrandColor = "brand_color";
    public const string Logo = "logo";
    public const string OverPayments = "over_payments";
    public const string LatePayments = "late_payments";
    public const string SignedRequests = "require_signed_requests";

    private const int LongestNumber = 64;

    private static readonly string[] BusinessTypes = ["individual", "company", "non_profit", "government_entity"];

    private static readonly string[] OverChoices = ["keep", "refund", "hold"];
    private static readonly string[] LateChoices = ["accept", "refund", "hold"];

    private readonly Dictionary<string, string?> _columns = new(StringComparer.Ordinal);

    private MerchantForm()
    {
    }

    /// <summary>What was said, by column.</summary>
    public IReadOnlyDictionary<string, string?> Columns => _columns;

    /// <summary>Where it is; only of a new one.</summary>
    public string Country { get; private set; } = "";

    /// <summary>Where it is reached; only of a new one.</summary>
    public Contact Email { get; private set; } = new(ContactKind.Email, "");

    public string? Of(string column) => _columns.GetValueOrDefault(column);

    /// <summary>Whether what moves money must be signed; null where it does not say.</summary>
    public bool? RequiresSignatures => Of(SignedRequests) is { } text ? bool.Parse(text) : null;

    /// <summary>Has it say nothing of signatures.</summary>
    public void ForgetSignatures() => _columns.Remove(SignedRequests);

    /// <summary>Whether it says something of which his account is to be told.</summary>
    public bool IsForAccount => _columns.ContainsKey(OverPayments) || _columns.ContainsKey(LatePayments);

    /// <summary>Reads what is said of a new one.</summary>
    public static (MerchantForm? Form, Problem? Problem) Read(NewMerchantRequest request, bool isLive)
    {
        var form = new MerchantForm();
        var problem = Missing("business_name", request.BusinessName) ?? Missing("email", request.Email)
            ?? Missing("country", request.Country) ?? Missing("statement_descriptor", request.StatementDescriptor)
            ?? form.TakeName(request.BusinessName) ?? form.TakeEmail(request.Email!) ?? form.TakeCountry(request.Country!)
            ?? form.TakeDescriptor(request.StatementDescriptor) ?? form.TakeWebsite(request.Website, isLive)
            ?? form.TakeType(request.BusinessType) ?? form.TakeNumber(request.RegistrationNumber) ?? form.TakeColor(request.BrandColor);
        return problem is null ? (form, null) : (null, problem);
    }

    /// <summary>Reads what is to be changed.</summary>
    public static (MerchantForm? Form, Problem? Problem) Read(MerchantChangeRequest request, bool isLive)
    {
        var form = new MerchantForm();
        var problem =
            (request.Has(nameof(request.BusinessName)) ? form.TakeName(request.BusinessName) : null)
            ?? (request.Has(nameof(request.StatementDescriptor)) ? form.TakeDescriptor(request.StatementDescriptor) : null)
            ?? (request.Has(nameof(request.Website)) ? form.TakeWebsite(request.Website, isLive) : null)
            ?? (request.Has(nameof(request.BusinessType)) ? form.TakeType(request.BusinessType) : null)
            ?? (request.Has(nameof(request.RegistrationNumber)) ? form.TakeNumber(request.RegistrationNumber) : null)
            ?? (request.Has(nameof(request.BrandColor)) ? form.TakeColor(request.BrandColor) : null)
            ?? (request.Has(nameof(request.Logo)) ? form.TakeLogo(request.Logo) : null)
            ?? (request.Has(nameof(request.OverPayments)) ? form.TakeChoice(OverPayments, request.OverPayments, OverChoices) : null)
            ?? (request.Has(nameof(request.LatePayments)) ? form.TakeChoice(LatePayments, request.LatePayments, LateChoices) : null)
            ?? (request.Has(nameof(request.RequireSignedRequests)) ? form.TakeSigned(request.RequireSignedRequests) : null);
        return problem is null ? (form, null) : (null, problem);
    }

    private static Problem? Missing(string param, string? value) => string.IsNullOrEmpty(value) ? Problem.Missing(param) : null;

    private Problem? TakeName(string? text)
    {
        if (text is null || !PersonName.TryParse(text, out var name))
        {
            return Problem.Invalid("business_name_invalid", "'business_name' has 1 to 100 characters, and none that is not seen.", BusinessName);
        }

        _columns[BusinessName] = name;
        return null;
    }

    private Problem? TakeEmail(string text)
    {
        if (!EmailAddress.TryParse(text, out var address))
        {
            return Problem.Invalid("email_invalid", "'email' is not an e-mail address.", "email");
        }

        Email = new Contact(ContactKind.Email, address);
        return null;
    }

    private Problem? TakeCountry(string text)
    {
        Country = text;
        return Registration.Country.IsCode(text)
            ? null
            : Problem.Invalid("country_invalid", "'country' is an ISO 3166 code of two capital letters, such as DE.", "country");
    }

    private Problem? TakeDescriptor(string? text)
    {
        if (text is null || !StatementDescriptor.TryRead(text, out var descriptor))
        {
            return Problem.Invalid("statement_descriptor_invalid", $"'statement_descriptor' {StatementDescriptor.Rule}", Descriptor);
        }

        _columns[Descriptor] = descriptor;
        return null;
    }

    private Problem? TakeWebsite(string? text, bool isLive)
    {
        var address = "";
        if (text is not null && !WebAddress.TryRead(text, isLive, out address))
        {
            return Problem.Invalid("website_invalid", "'website' is an https URL without a name or password in it.", Website);
        }

        _columns[Website] = text is null ? null : address;
        return null;
    }

    private Problem? TakeType(string? text)
    {
        _columns[BusinessType] = text;
        return text is null || BusinessTypes.Contains(text)
            ? null
            : Problem.Invalid("business_type_invalid", $"'business_type' is {string.Join(", ", BusinessTypes)}.", BusinessType);
    }

    private Problem? TakeNumber(string? text)
    {
        _columns[RegistrationNumber] = text?.Trim();
        return text is null || (text.Trim().Length is > 0 and <= LongestNumber && NumberForm().IsMatch(text.Trim()))
            ? null
            : Problem.Invalid(
                "registration_number_invalid", $"'registration_number' has 1 to {LongestNumber} letters, digits, spaces and . / - of them.",
                RegistrationNumber);
    }

    private Problem? TakeColor(string? text)
    {
        _columns[BrandColor] = text;
        return text is null || ColorForm().IsMatch(text)
            ? null
            : Problem.Invalid("brand_color_invalid", "'brand_color' is # and six hexadecimal digits in lower case.", BrandColor);
    }

    private Problem? TakeLogo(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            _columns[Logo] = null;
            return null;
        }

        var (png, problem) = LogoImage.Read(text);
        _columns[Logo] = png is null ? null : Convert.ToBase64String(png);
        return problem;
    }

    private Problem? TakeChoice(string column, string? text, string[] choices)
    {
        _columns[column] = text;
        return choices.Contains(text)
            ? null
            : Problem.Invalid($"{column}_invalid", $"'{column}' is {string.Join(", ", choices)}.", column);
    }

    private Problem? TakeSigned(bool? required)
    {
        _columns[SignedRequests] = required is true ? "true" : "false";
        return required is null
            ? Problem.Invalid($"{SignedRequests}_invalid", $"'{SignedRequests}' is true or false.", SignedRequests)
            : null;
    }

    [GeneratedRegex(@"\A[\p{L}\p{Nd} ./-]+\z")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"\A#[0-9a-f]{6}\z")]
    private static partial Regex ColorForm();
}
