using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Me;
using StellarPay.Grains.Identifiers;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>The ways to name a recipient. No text is of two kinds.</summary>
internal enum RecipientKind
{
    /// <summary><c>G…</c> or <c>M…</c>.</summary>
    Address,

    /// <summary><c>name*domain</c> (SEP-2).</summary>
    Federated,

    /// <summary><c>@handle</c>.</summary>
    Handle,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A phone number.</summary>
    Phone,

    /// <summary>The id of a payment session, which its payer pays once.</summary>
    Session,
}

/// <summary>How a payer names a recipient directly, in one form.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="Text">As it is shown back and looked up: a handle with its <c>@</c>, a phone number in E.164.</param>
internal sealed record RecipientName(RecipientKind Kind, string Text)
{
    public const int MaxLength = 254;

    /// <summary>The name where it is one by which somebody is reached; else null.</summary>
    public Contact? Contact => Kind switch
    {
        RecipientKind.Email => new Contact(ContactKind.Email, Text),
        RecipientKind.Phone => new Contact(ContactKind.Phone, Text),
        _ => null,
    };

    /// <summary>Reads a name, or null where it is of none of these kinds.</summary>
    public static RecipientName? Read(string? typed)
    {
        var text = typed?.Trim();
        if (text is null or "" || text.Length > MaxLength)
        {
            return null;
        }

        if (MuxedAccount.TryParse(text, out _))
        {
            return new RecipientName(RecipientKind.Address, text);
        }

        if (PaymentSessionId.TryParse(text, out var session))
        {
            return new RecipientName(RecipientKind.Session, session.Value);
        }

        if (text[0] == '@')
        {
            return Handle.TryParse(text, out var handle) ? new RecipientName(RecipientKind.Handle, $"@{handle}") : null;
        }

        if (FederationAddress.TryParse(text, out var federated))
        {
            return new RecipientName(RecipientKind.Federated, federated.ToString());
        }

        if (EmailAddress.TryParse(text, out var email))
        {
            return new RecipientName(RecipientKind.Email, email);
        }

        return PhoneNumber.TryParse(text, out var phone) ? new RecipientName(RecipientKind.Phone, phone) : null;
    }
}
