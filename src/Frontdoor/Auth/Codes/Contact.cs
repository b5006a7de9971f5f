using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>How somebody is reached.</summary>
internal enum ContactKind
{
    Email,
    Phone,
}

/// <summary>A name of a user's that a code is sent to.</summary>
/// <param name="Kind">Which kind of name.</param>
/// <param name="Name">As the user gave it.</param>
/// <param name="Key">As names are compared.</param>
internal sealed record Contact(ContactKind Kind, string Name, string Key)
{
    public MessageChannel Channel => ChannelOf(Kind);

    /// <summary>How the database and the API call the kind.</summary>
    public string KindName => NameOf(Kind);

    public static string NameOf(ContactKind kind) => kind == ContactKind.Email ? "email" : "phone";

    public static MessageChannel ChannelOf(ContactKind kind) =>
        kind == ContactKind.Email ? MessageChannel.Email : MessageChannel.Sms;

    /// <summary>What a user has of a kind, or null.</summary>
    public static Contact? Of(User user, ContactKind kind) => kind switch
    {
        ContactKind.Email when user is { Email: { } email, NormalizedEmail: { } key } => new Contact(kind, email, key),
        ContactKind.Phone when user.PhoneNumber is { } phone => new Contact(kind, phone, phone),
        _ => null,
    };

    /// <summary>What a user has that is not confirmed.</summary>
    public static IEnumerable<Contact> UnconfirmedOf(User user)
    {
        if (!user.EmailConfirmed && Of(user, ContactKind.Email) is { } email)
        {
            yield return email;
        }

        if (!user.PhoneNumberConfirmed && Of(user, ContactKind.Phone) is { } phone)
        {
            yield return phone;
        }
    }
}
