using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>How somebody is reached.</summary>
internal enum ContactKind
{
    Email,
    Phone,
}

/// <summary>A name by which somebody is reached, in clear.</summary>
/// <param name="Kind">Which kind of name.</param>
/// <param name="Name">As its user gave it.</param>
internal sealed record Contact(ContactKind Kind, string Name)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<ContactKind> Kinds { get; } = [ContactKind.Email, ContactKind.Phone];

    /// <summary>The name as names are compared: the case of an address does not matter, and a number has one form.</summary>
    public string Key => Kind == ContactKind.Email ? Name.ToUpperInvariant() : Name;

    public MessageChannel Channel => ChannelOf(Kind);

    /// <summary>How the database and the API call the kind.</summary>
    public string KindName => NameOf(Kind);

    public static string NameOf(ContactKind kind) => kind == ContactKind.Email ? "email" : "phone";

    public static MessageChannel ChannelOf(ContactKind kind) =>
        kind == ContactKind.Email ? MessageChannel.Email : MessageChannel.Sms;

    // It is a name of somebody's, which does not belong into a log.
    public override string ToString() => KindName;
}
